"""Signals as a wish, and the second one as an order."""

import signal
import threading

import pytest

from kgan.training.interruption import SIGNALS, interruption


@pytest.fixture(autouse=True)
def heard():
    """Handlers that note what would have ended the process."""
    found = []
    before = {n: signal.signal(n, lambda *a: found.append(a[0])) for n in SIGNALS}
    yield found
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_first_asks_and_second_ends(number, heard, capfd):
    with interruption() as asked:
        assert not asked() and asked.signal is None
        signal.raise_signal(number)
        assert asked() and asked.signal == number and not heard
        assert "once more ends at once" in capfd.readouterr().err
        signal.raise_signal(number)
        assert heard == [number]


def test_afterwards_all_is_as_before(heard):
    with interruption():
        pass
    signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGTERM]


def test_in_another_thread_nothing_is_changed(heard):
    found = []

    def body():
        with interruption() as asked:
            found.append(asked())

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    signal.raise_signal(signal.SIGINT)
    assert found == [False] and heard == [signal.SIGINT]
