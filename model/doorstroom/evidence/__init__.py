"""Evidence: how far the model can be believed, from what was observed before and after its start."""
