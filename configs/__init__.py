"""One file per variant: a `Config`, and `build(config, shape, classes)`."""
