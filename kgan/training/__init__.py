"""Training runs: data and a game in, a workdir with a trained game out."""
