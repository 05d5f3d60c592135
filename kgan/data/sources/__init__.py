"""Sources of data; each returns a `Dataset`."""
