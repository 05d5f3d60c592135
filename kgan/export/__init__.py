"""Exports of a trained generator that work without kgan."""
