"""The harness of killed workers in short; in full: worker_kills.py --kills=20."""

import random
import signal

import pytest

from tests.durability import worker_kills


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_ends_changes_nothing(tmp_path, number):
    chance = random.Random(2)
    tried = worker_kills.trials("gan", [number], tmp_path, chance)
    assert [(done.landed, odd) for _, done, odd in tried] == [(True, [])]
