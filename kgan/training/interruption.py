"""SIGTERM and SIGINT, as a wish to stop that a run can grant at its next step."""

import contextlib
import os
import signal
import threading

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Interruption:
    """Which signal has asked the process to stop.

    Attributes:
        signal: the `signal.Signals`, None while there was none.
    """

    signal = None

    def __call__(self):
        """Whether one was received."""
        return self.signal is not None


@contextlib.contextmanager
def interruption():
    """Yields an `Interruption`: inside, the first signal asks and the second ends.

    Outside of the main thread no signal can be heard, and none is changed.
    """
    asked = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def hear(number, frame):
        if asked():
            signal.signal(number, before[number])
            signal.raise_signal(number)
        asked.signal = signal.Signals(number)
        # Not print: the signal may have come in the middle of one.
        os.write(2, b"\nfinishing the step and saving; once more ends at once\n")

    before = {number: signal.signal(number, hear) for number in SIGNALS}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
