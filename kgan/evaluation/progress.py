"""Lines that say what is computed when it takes more than a few seconds."""

import contextlib
import threading
from collections.abc import Iterator

from kgan.typing import Log

PATIENCE = 3.0  # seconds without a word
LONG = 1000  # dimensions of a distance that takes longer


@contextlib.contextmanager
def announced(what: str, log: Log, after: float = PATIENCE) -> Iterator[None]:
    """A context that logs "computing WHAT ..." if its block takes longer than `after` s.

    With `after` 0 the line comes first: SciPy's decompositions let no other thread run.

    Args:
        what: what is computed.
        log: called with the line.
        after: seconds without a word.
    """
    line = f"computing {what} ..."
    if not after:
        log(line)
        yield
        return
    timer = threading.Timer(after, log, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def patience(dimensions: int) -> float:
    """Returns how long a Frechet distance of so many dimensions may take in silence."""
    return 0 if dimensions >= LONG else PATIENCE
