"""Who lives in the model: institutions as Mesa agents over shared arrays, people as rows of arrays."""
