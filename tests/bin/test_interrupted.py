"""Runs that are asked to stop, cut off, or short of room, and go on from there."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tensorflow as tf
from PIL import Image

from tests.durability.kills import remains, unlike

CHECKOUT = Path(__file__).resolve().parents[2]
EPOCHS = 4
# Where `epochs` was raised, TensorBoard shows the configuration of the first start.
LONGER = ["train config"]


def flags(workdir, epochs=EPOCHS, every="1epoch"):
    return (
        "--variant=gan",
        f"--workdir={workdir}",
        f"--config.epochs={epochs}",
        "--config.width=4",
        "--steps_per_execution=1",
        f"--checkpoint_every={every}",
    )


@pytest.fixture(scope="module")
def finished(command, tmp_path_factory):
    """The workdir of a run that nothing happened to."""
    workdir = tmp_path_factory.mktemp("whole") / "run"
    assert command("train_gan", *flags(workdir)).code == 0
    return workdir


@pytest.fixture(scope="module")
def whole(finished):
    """What a run that nothing happened to leaves."""
    return remains(finished)


def one_line(result, code, *words):
    lines = [line for line in result.err.splitlines() if "epoch " not in line[:6]]
    assert result.code == code, result.err
    assert len(lines) == 1 and "Traceback" not in result.err, result.err
    assert not [word for word in words if word not in lines[0]], lines[0]


@pytest.fixture
def started(environment):
    """A function that starts the executable itself and returns the process."""
    processes = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, str(CHECKOUT / "bin" / "train_gan"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def wait_for(condition, seconds=100):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def rows(workdir):
    path = workdir / "history.csv"
    return path.read_text().count("\n") if path.exists() else 0


TERM, KEYS = (signal.SIGTERM, 143), (signal.SIGINT, 130)  # and their exit codes


@pytest.mark.parametrize(
    "stops", [[TERM], pytest.param([TERM, KEYS], marks=pytest.mark.slow)]
)
def test_signals_and_a_second_process(started, command, stops, tmp_path):
    """Stopped by signals, one after the other; meanwhile nobody else may train there."""
    epochs, workdir = 100_000, tmp_path / "run"
    for number, code in stops:
        process, before = started(*flags(workdir, epochs)), rows(workdir)
        wait_for(lambda before=before: rows(workdir) > before + 2)
        other = command("train_gan", *flags(workdir, epochs))
        one_line(other, 1, f"process {process.pid} on", "trains there now")
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert process.returncode == code, err
        last = err.splitlines()[-1]
        assert last.startswith(f"train_gan: {number.name}: stopped after epoch ")
        told = last.split("to go on: ")[1]
        assert told == " ".join(
            [str(CHECKOUT / "bin/train_gan"), *flags(workdir, epochs)]
        )
        assert ("goes on after epoch" in out) == (number != stops[0][0])
        assert not (workdir / ".lock.holder").exists()


def test_stopped_at_any_step_and_gone_on_with_it_is_the_same(
    command, desk, whole, tmp_path
):
    """A variant that gets SIGTERM by itself: in each start after another step."""
    (tmp_path / "gan.py").write_text(
        "import os, signal\n"
        "import tensorflow as tf\n"
        "from kgan.configs import gan\n"
        "from kgan.configs.gan import Config\n"
        "def build(config, spec):\n"
        "    game = gan.build(config, spec)\n"
        "    left = [int(os.environ['STEPS'])]\n"
        "    def count():\n"
        "        left[0] -= 1\n"
        "        if not left[0]:\n"
        "            os.kill(os.getpid(), signal.SIGTERM)\n"
        "    game.after_round = lambda played, f=game.after_round: (\n"
        "        f(played), tf.py_function(count, [], []))\n"
        "    return game\n"
    )
    arguments = ("--variant=gan.py", *flags("run", every="1h")[1:])
    for steps in (13, 21):
        stopped = command(
            "train_gan", *arguments, cwd=tmp_path, env={"STEPS": str(steps)}
        )
        assert stopped.code == 143 and "SIGTERM: stopped" in stopped.err, stopped.err
    done = command("train_gan", *arguments, cwd=tmp_path, env={"STEPS": "0"})
    assert done.code == 0 and "goes on after epoch 2, step 6 of 4" in done.out
    assert unlike(remains(tmp_path / "run"), whole) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_before_the_first_step(command, tmp_path, number):
    (tmp_path / "slow.py").write_text(
        "import os\n"
        "from kgan.configs.gan import Config\n"
        "def build(config, spec):\n"
        f"    os.kill(os.getpid(), {int(number)})\n"
    )
    result = command("train_gan", "--variant=slow.py", cwd=tmp_path)
    one_line(
        result, 128 + number, f"{number.name}: ended; what was saved before is whole"
    )
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("kilobytes", [30, pytest.param(6, marks=pytest.mark.slow)])
def test_disk_full(command, whole, begun, tmp_path, kilobytes):
    """A quota that each time another file is the first to meet."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    saved = {p.name for p in (tmp_path / "checkpoints").iterdir()}
    limits = {resource.RLIMIT_FSIZE: int(1000 * kilobytes)}
    full = command("train_gan", *flags(tmp_path), limits=limits)
    one_line(
        full,
        1,
        str(tmp_path),
        "cannot be written (File too large)",
        "whole" if kilobytes == 30 else "harmed",
    )
    assert saved <= {p.name for p in (tmp_path / "checkpoints").iterdir()}
    assert (
        command("sample_gan", f"--workdir={tmp_path}", f"--out={tmp_path}/x.png").code
        == 0
    )
    (tmp_path / "x.png").unlink()
    assert command("train_gan", *flags(tmp_path)).code == 0
    assert unlike(remains(tmp_path), whole) == LONGER


@pytest.mark.slow
def test_read_only_folder(real_command, command, whole, begun, contents, tmp_path):
    """Root may write everywhere; a root without that one right may not."""
    workdir = shutil.copytree(begun, tmp_path / "run")
    powerless = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root can write to read-only folders, and setpriv is absent")
        powerless = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    before = contents(workdir)
    folders = [workdir, *(p for p in workdir.rglob("*") if p.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        refused = real_command("train_gan", *flags(workdir), before=powerless)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    one_line(
        refused, 1, f"--workdir={workdir}", "cannot be written (Permission denied)"
    )
    assert contents(workdir) == before
    assert command("train_gan", *flags(workdir)).code == 0
    assert unlike(remains(workdir), whole) == LONGER


def test_cut_checkpoint(command, finished, whole, tmp_path):
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    newest = tf.train.latest_checkpoint(str(tmp_path / "checkpoints"))
    (data,) = (tmp_path / "checkpoints").glob(f"{Path(newest).name}.data*")
    data.write_bytes(data.read_bytes()[:1000])
    drawn = command("sample_gan", f"--workdir={tmp_path}")
    assert drawn.code == 0 and drawn.err == "", "a reader falls back as well"
    (tmp_path / "samples" / "samples.png").unlink()
    again = command("train_gan", *flags(tmp_path))
    assert again.code == 0 and "Traceback" not in again.err
    assert f"{newest}: cannot be restored" in again.out
    assert "goes on after epoch 3 of 4" in again.out
    assert unlike(remains(tmp_path), whole) == []


def test_fresh(command, whole, contents, tmp_path):
    workdir = tmp_path / "run"
    assert command("train_gan", *flags(workdir, epochs=2), "--config.seed=1").code == 0
    before = contents(workdir)
    refused = command("train_gan", *flags(workdir))
    one_line(refused, 2, "seed: 1 -> 0", "--fresh")
    assert contents(workdir) == before
    anew = command("train_gan", *flags(workdir), "--fresh")
    assert anew.code == 0 and f"{workdir} is now in {workdir}-old1" in anew.out
    assert contents(tmp_path / "run-old1") == before
    assert unlike(remains(workdir), whole) == []


def test_what_changes_the_bits_is_told(command, begun, tmp_path):
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    before = json.loads((begun / "run.json").read_text())["environment"]["threads"]
    threads = {"TF_NUM_INTRAOP_THREADS": str(before + 2)}
    further = command("train_gan", *flags(tmp_path, epochs=2), env=threads)
    line = f"goes on with other bits than it began: threads: {before} -> {before + 2}\n"
    assert line in further.out


@pytest.mark.slow
def test_an_image_that_goes_between_two_starts_is_told(command, desk, tmp_path):
    shutil.copytree(desk / "flat", tmp_path / "flat")
    arguments = (f"--dataset={tmp_path / 'flat'}", "--config.batch_size=4")
    workdir = tmp_path / "run"
    assert command("train_gan", *flags(workdir, 1), *arguments).code == 0
    (tmp_path / "flat" / "3.png").unlink()
    (tmp_path / "flat" / "5.png").write_bytes(b"rotten")
    Image.new("L", (8, 8)).save(tmp_path / "flat" / "99.png")
    further = command("train_gan", *flags(workdir, 2), *arguments)
    assert further.code == 0, further.err
    assert (
        "left out 1 of 16 files: 1 not an image of a known kind (5.png" in further.out
    )
    assert "data.number: 16 -> 15" in further.out
    assert rows(workdir) == 3
