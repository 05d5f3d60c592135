"""The command line: what all binaries share."""
