"""Comparison of the speed of kgan, PyTorch and plain Keras: benchmarks/run.

The same networks, batch, optimizer and data for every peer; each run is a new
process (`worker`), and kgan and a peer take turns (`runner`).
"""
