"""Handling of SIGTERM and SIGINT, after which a run stops at its next step."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from signal import Signals

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Interruption:
    """The signal that asked the process to stop, if there was one.

    Attributes:
        signal: the `signal.Signals`; None as long as there was none.
    """

    signal: Signals | None = None

    def __call__(self) -> bool:
        """Whether a signal was received."""
        return self.signal is not None


@contextlib.contextmanager
def interruption() -> Iterator[Interruption]:
    """A context that yields an `Interruption`, which the first signal sets.

    A second signal ends the process at once. Outside of the main thread signals cannot
    be handled, and nothing is changed.
    """
    asked = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def hear(number, frame):
        if asked():
            signal.signal(number, before[number])
            signal.raise_signal(number)
        asked.signal = Signals(number)
        # Not print: the signal may have come in the middle of one.
        os.write(2, b"\nfinishing the step and saving; once more ends at once\n")

    before = {number: signal.signal(number, hear) for number in SIGNALS}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
