"""Where data come from: each source ends in a `Dataset`."""
