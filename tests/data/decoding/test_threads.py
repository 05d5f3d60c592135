"""How many threads read the headers of files."""

import io
import threading
import time

import numpy as np
import pytest
from PIL import Image

from kgan.data.decoding import threads

COUNT = threads.CHUNK + 2 * threads.GROUP


class Noted(io.BytesIO):
    """A PNG file that notes which thread reads it, and may wait as a slow disk does."""

    def __init__(self, content, readers, wait):
        super().__init__(content)
        self.readers, self.wait = readers, wait

    def read(self, *count):
        self.readers.add(threading.get_ident())
        time.sleep(self.wait)
        return super().read(*count)


def read(wait):
    """(headers, the threads that read them) of files of which each read takes `wait` s."""
    file, readers = io.BytesIO(), set()
    Image.fromarray(np.zeros((3, 5), np.uint8)).save(file, "png")
    sources = (Noted(file.getvalue(), readers, wait) for _ in range(COUNT))
    return threads.read_headers(sources, COUNT), readers


@pytest.mark.skipif(threads.cores() < 2, reason="one core, one thread")
def test_threads_wait_together_for_a_slow_disk():
    headers, readers = read(1e-3)
    assert [header.size for header in headers] == [(3, 5)] * COUNT
    assert readers - {threading.get_ident()}


def test_one_thread_reads_headers_from_memory(monkeypatch):
    # On a busy machine this thread would wait for its turn.
    monkeypatch.setattr(time, "thread_time", time.perf_counter)
    headers, readers = read(0)
    assert [header.size for header in headers] == [(3, 5)] * COUNT
    assert readers == {threading.get_ident()}
