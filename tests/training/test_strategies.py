"""Replicas and workers train as one does, a run goes on with another number of them.

And what is refused.
"""

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
from tests.training.clusters import configs

HERE = Path(__file__).resolve().parent


def begun(program, *arguments, **environment):
    return subprocess.Popen(
        [sys.executable, HERE / program, *arguments],
        env=os.environ | {"PYTHONPATH": str(HERE.parents[1])} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process):
    """What a program prints as its last line."""
    out, told = process.communicate(timeout=600)
    assert not process.returncode, told[-3000:]
    return json.loads(out.splitlines()[-1])


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return said(begun("mirrored.py", tmp_path_factory.mktemp("mirrored")))


def cluster(program, *arguments):
    """What the chief and the other worker say."""
    processes = [begun(program, *arguments, TF_CONFIG=one) for one in configs()]
    return [said(process) for process in processes]


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    return cluster("workers.py", tmp_path_factory.mktemp("workers"))


def test_a_signal_to_one_worker_stops_both(workers):
    chief, other = workers
    stopped = "SIGTERM: stopped after epoch 0, step 2 of 2 and saved; to go on: "
    assert chief["stopped"] == other["stopped"] and chief["stopped"].startswith(stopped)


def test_two_workers_train_one_run(workers):
    """Bit for bit, though a signal has cut their run in two."""
    chief, other = workers
    assert chief["weights"] == other["weights"]
    assert chief["told"].endswith(", 2 replicas on 2 workers") and other["told"] == ""


@pytest.mark.slow
def test_two_workers_are_two_replicas(found, workers):
    assert workers[0]["weights"] == found["two"]


@pytest.mark.slow
@pytest.mark.parametrize("runs", ["one and two", "two, then one", "two, one, two"])
def test_the_number_of_replicas_changes_nothing(found, runs):
    assert found[runs] < 1e-5


@pytest.mark.slow
def test_the_first_line_says_how_many(found):
    assert found["told"].endswith("XLA off, 3 steps per execution, 2 replicas")


@pytest.mark.slow
def test_what_replicas_cannot(found):
    told = "jit=on: XLA cannot compile a step that several replicas share"
    assert found["jit"].startswith(told)


@pytest.mark.slow
def test_all_follow_the_decisions_of_the_chief(tmp_path):
    """Bit for bit as replicas of one process: health, equilibrium, and the second stage."""
    chief, other = cluster("deciding.py", tmp_path, "workers")
    mirrored = said(begun("deciding.py", tmp_path, "mirrored"))
    assert chief == mirrored
    assert not any(found.pop("told") for found in other.values())
    told = {name: found.pop("told") for name, found in chief.items()}
    assert chief == other
    assert len(told["rollback"]) == 2 and told["equilibrium"]
    assert "stopped after epoch 1, step 1 and saved" in chief["stop"]["error"]
    assert all("weights" in found for name, found in chief.items() if name != "stop")


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
