"""The variants, one file each: a `Config`, and `build(config, spec)`."""
