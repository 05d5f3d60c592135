"""Functions of a trained generator."""
