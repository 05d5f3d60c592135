"""Written with the library, imported by nothing in it."""
