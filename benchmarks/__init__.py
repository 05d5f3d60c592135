"""How fast kgan is, beside PyTorch and plain Keras: benchmarks/run.

The same networks, batch, optimizer and data for every peer; each run is a process
of its own (`worker`), kgan's and a peer's in turns (`runner`).
"""
