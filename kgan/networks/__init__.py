"""Builders of the networks of G and D, one module for each architecture."""
