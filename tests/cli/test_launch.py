"""The launcher of several workers, with small programs in place of a training."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from kgan.cli import launch
from kgan.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
# What a worker is: K is its number, AGAIN whether it was started before.
BEGIN = """
import json, os, pathlib, signal, sys, time
task = json.loads(os.environ["TF_CONFIG"])["task"]
K, here = task["index"], pathlib.Path(__file__).parent
mark = here / f"started-{K}"
AGAIN = mark.exists()
mark.touch()
"""


@pytest.fixture
def start(tmp_path, monkeypatch):
    """A function that starts two workers, programs; returns the exit code."""

    def started(text, *arguments, restarts=3):
        program = tmp_path / "program.py"
        program.write_text(BEGIN + text)
        monkeypatch.setattr(sys, "argv", [str(program), *arguments])
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
        return launch.Workers(2, tmp_path / "run", restarts).train()

    return started


def log(tmp_path, k):
    return (tmp_path / "run" / f"worker-{k}.log").read_text()


def test_each_has_its_number_and_its_log(start, tmp_path, capfd):
    assert start('print("worker", K, "of", os.environ["TF_CONFIG"])') == 0
    assert [log(tmp_path, k).split()[1] for k in (0, 1)] == ["0", "1"]
    cluster = json.loads(log(tmp_path, 1).split(maxsplit=3)[3])["cluster"]
    assert len(set(cluster["worker"])) == 2
    assert capfd.readouterr().out.startswith("worker 0"), "the chief's alone is shown"


def test_a_killed_worker_starts_all_again_without_fresh(start, tmp_path, capfd):
    text = """
print(*sys.argv[1:], flush=True)
if K and not AGAIN:
    os.kill(os.getpid(), signal.SIGKILL)
sys.exit(0 if AGAIN else 1)
"""
    assert start(text, "-fresh=True", "--seed=3") == 0
    assert log(tmp_path, 0) == "-fresh=True --seed=3\n--seed=3\n"
    said = "worker 1 was killed by SIGKILL; starts all again, 1 of 3"
    assert said in capfd.readouterr().err


def test_what_goes_on_does_not_begin_anew():
    typed = ["train", "--fresh", "-fresh", "--fresh=True", "--fresher", "fresh"]
    assert launch.going_on(typed) == ["train", "--fresher", "fresh"]


def test_it_is_killed_too_often(start, tmp_path, capfd):
    assert start("os.kill(os.getpid(), signal.SIGKILL)", restarts=1) == 1
    said = capfd.readouterr().err.splitlines()
    assert said[-1].endswith("the same command goes on from the last checkpoint")
    assert len(said) == 2


@pytest.mark.parametrize("code", [1, 2, 143])
def test_an_end_of_their_own_is_no_fault(start, tmp_path, code):
    assert start(f"print('x'); sys.exit({code})") == code
    assert log(tmp_path, 0) == "x\n"


def test_who_hangs_is_ended(start, monkeypatch):
    monkeypatch.setattr(launch, "AFTER_AN_END", 0.2)
    began = time.monotonic()
    assert start("time.sleep(60) if K else sys.exit(1)") == 1
    assert time.monotonic() - began < 20


def test_sigterm_is_passed_on(tmp_path):
    (tmp_path / "program.py").write_text(
        BEGIN + "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
        "print('ready', flush=True)\ntime.sleep(60)\n"
    )
    text = (
        "import pathlib, sys; from kgan.cli import launch; "
        f"sys.argv = [{str(tmp_path / 'program.py')!r}]; "
        f"sys.exit(launch.Workers(2, pathlib.Path({str(tmp_path)!r}), 3).train())"
    )
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": "-1", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", text], env=environment)
    logs = [tmp_path / f"worker-{k}.log" for k in (0, 1)]
    while not all(one.exists() and one.read_text() for one in logs):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 143


def flags(**given):
    usual = {"workers": 2, "strategy": "auto", "cluster": "tf_config"}
    values = usual | given
    found = {k: SimpleNamespace(value=v) for k, v in values.items()}

    class Flags(SimpleNamespace):
        def __getitem__(self, name):
            return found[name]

    return Flags(**values)


def test_who_starts_and_who_is_started(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    assert launch.wanted(flags()) and not launch.wanted(flags(workers=0))
    task = {"type": "worker", "index": 0}
    two = {"cluster": {"worker": ["a:1", "b:2"]}, "task": task}
    monkeypatch.setenv("TF_CONFIG", json.dumps(two))
    assert not launch.wanted(flags())
    with pytest.raises(UserError, match=r"workers=3: \$TF_CONFIG names 2"):
        launch.wanted(flags(workers=3))


@pytest.mark.parametrize("given", [{"strategy": "one"}, {"cluster": "slurm"}])
def test_what_does_not_go_together(given):
    (name, value), *_ = given.items()
    with pytest.raises(UserError, match=f"workers=2: does not go.*{name}={value}"):
        launch.wanted(flags(**given))


def test_gpus_that_cannot_be_shared(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1,2")
    with pytest.raises(UserError, match="workers=2: cannot share 3 GPUs evenly"):
        launch._gpus(2)
    assert launch._gpus(3) == ["0", "1", "2"]
