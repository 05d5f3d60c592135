"""Whether passes in training count in the moving statistics of batch norm."""

import contextlib
import contextvars
from collections.abc import Iterator

_KEPT = contextvars.ContextVar("kept", default=False)


@contextlib.contextmanager
def kept() -> Iterator[None]:
    """A context in which passes leave the moving statistics as they are."""
    before = _KEPT.set(True)
    try:
        yield
    finally:
        _KEPT.reset(before)


def are_kept() -> bool:
    """Returns whether this pass is to leave the moving statistics as they are."""
    return _KEPT.get()
