"""Two replicas train as one does, a run goes on with another number, and what is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import keras
import pytest

from kgan.errors import UserError
from kgan.training import strategies

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    done = subprocess.run(
        [sys.executable, HERE / "mirrored.py", tmp_path_factory.mktemp("mirrored")],
        env=os.environ | {"PYTHONPATH": str(HERE.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("runs", ["one and two", "two, then one"])
def test_the_number_of_replicas_changes_nothing(found, runs):
    assert found[runs] < 1e-5


def test_the_first_line_says_how_many(found):
    assert found["told"].endswith("XLA off, 1 steps per execution, 2 replicas")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("jit", "jit=on: XLA cannot compile a step that several replicas share"),
        ("steps", "steps_per_execution=2: several replicas take one step"),
    ],
)
def test_what_replicas_cannot(found, asked, words):
    assert found[asked].startswith(words)


def test_one_device_cannot_be_mirrored():
    with pytest.raises(UserError, match="strategy=mirrored.*one device.*strategy=one"):
        strategies.chosen("mirrored")
    assert strategies.chosen("auto") is strategies.chosen("one")


def test_keras_own_distribution_is_refused(monkeypatch):
    monkeypatch.setattr(keras.distribution, "distribution", lambda: "set")
    with pytest.raises(UserError, match="keras.distribution: is set.*one device"):
        strategies.chosen("auto")


@pytest.mark.parametrize(
    ("batch", "pack", "fits"), [(9, 1, "10 or 8,"), (3, 2, "4,"), (8, 2, "")]
)
def test_a_batch_that_replicas_cannot_share(batch, pack, fits):
    game = SimpleNamespace(replicas=2, pack=pack)
    config = SimpleNamespace(batch_size=batch)
    if not fits:
        strategies.check_shares(game, config)
        return
    with pytest.raises(UserError, match=f"batch_size={batch}.*batch_size={fits}"):
        strategies.check_shares(game, config)
