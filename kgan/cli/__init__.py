"""What all binaries share."""
