"""The eighteen mechanisms: what each says about the world, its equation, its parameters, its function."""
