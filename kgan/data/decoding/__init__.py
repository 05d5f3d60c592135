"""From encoded files to arrays."""
