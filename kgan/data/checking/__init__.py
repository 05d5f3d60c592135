"""Checks of data before they are trained on: copies, leaks, odd pictures, their amount."""
