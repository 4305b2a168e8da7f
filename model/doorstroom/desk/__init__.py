"""The policy desk: move the money, and see at once what the model would say, with how far that can be trusted."""
