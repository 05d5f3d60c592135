"""A run: from data and a game to a workdir."""
