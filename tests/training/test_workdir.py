"""Who may train in a folder, and what becomes of the run that was there."""

import os
import subprocess
import sys

import numpy as np
import pytest

from kgan.data import DomainSource
from kgan.errors import UserError
from kgan.training.workdir import HOLDER, LOCK, claimed, default_workdir, held

OTHER = """
import sys
from kgan.training.workdir import held
while folder := sys.stdin.readline().strip():
    with held(folder, lambda line: None):
        print("held", flush=True)
        sys.stdin.readline()
    print("left", flush=True)
"""


class Other:
    """Another process, which holds the lock of one folder after the other."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", OTHER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        )
        self.pid = self.process.pid

    def told(self, line, answer):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == f"{answer}\n"

    def killed(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def process():
    """The process, which takes seconds to start."""
    process = Other()
    yield process
    process.killed()


@pytest.fixture
def other(process, tmp_path):
    """The process, while it holds the lock of tmp_path until it is killed or told."""
    process.told(tmp_path, "held")
    yield process
    if (tmp_path / HOLDER).exists() and process.process.poll() is None:
        process.told("", "left")


def test_the_second_is_refused_until_the_first_has_ended(other, tmp_path):
    words = f"process {other.pid} on .* trains there now"
    for _ in range(2):  # to ask changes nothing
        with pytest.raises(UserError, match=words) as caught, held(tmp_path):
            pass
        assert caught.value.exit_code == 1
    other.told("", "left")
    with held(tmp_path, pytest.fail):
        assert (tmp_path / HOLDER).exists()
    assert not (tmp_path / HOLDER).exists()


def test_a_damaged_note_of_the_holder_is_no_obstacle(tmp_path):
    (tmp_path / HOLDER).write_text("{")
    said = []
    with held(tmp_path, said.append):
        assert said == ["another process was cut off here; its lock is stale"]


def test_claimed_removes_what_was_never_finished(record, tmp_path):
    (tmp_path / "samples").mkdir()
    for name in (".kgan-999999999-x.png", f".kgan-{os.getpid()}-y.png"):
        (tmp_path / "samples" / name).write_text("half")
    (tmp_path / ".kgan-999999999-z").mkdir()
    record.write(tmp_path)
    with claimed(tmp_path, record):
        assert not list(tmp_path.rglob(".kgan-*"))


def test_fresh_moves_the_run_aside(record, tmp_path):
    workdir, said = tmp_path / "run", []
    for content in ("first", "second"):
        with claimed(workdir, record, fresh=True, log=said.append):
            assert not [n for n in os.listdir(workdir) if n not in (LOCK, HOLDER)]
            record.write(workdir)
            (workdir / "history.csv").write_text(content)
    with claimed(workdir, record, fresh=True, log=said.append):
        pass
    assert (tmp_path / "run-old1" / "history.csv").read_text() == "first"
    assert (tmp_path / "run-old2" / "history.csv").read_text() == "second"
    assert [line.endswith(f"-old{n}") for n, line in enumerate(said, 1)] == [True] * 2
    assert not (tmp_path / "run-old1" / HOLDER).exists()


def test_fresh_never_moves_what_is_no_run(record, tmp_path):
    (tmp_path / "history.csv").write_text("mine")
    with (
        pytest.raises(UserError, match="not a run of kgan"),
        claimed(tmp_path, record, fresh=True),
    ):
        pass
    assert os.listdir(tmp_path) == ["history.csv"]


def test_fresh_waits_for_nobody(record, other, tmp_path):
    record.write(tmp_path)
    with (
        pytest.raises(UserError, match="trains there now"),
        claimed(tmp_path, record, fresh=True),
    ):
        pass
    assert (tmp_path / "run.json").exists()


def test_a_stale_lock_is_recognised(other, tmp_path):
    """The last test that needs the other process."""
    other.killed()
    said = []
    with held(tmp_path, said.append):
        assert len(said) == 1 and f"process {other.pid} on" in said[0]
        assert "stale" in said[0]
    with held(tmp_path, pytest.fail):
        pass


@pytest.mark.parametrize(
    ("variant", "dataset", "name"),
    [
        ("gan", "digits", "gan-digits"),
        ("gan", "v.1", "gan-v.1"),  # and not that of v.2
        ("gan", "photos/v.2/", "gan-v.2"),
        ("gan", "/data/photos.2019", "gan-photos.2019"),
        ("gan", "emnist/letters", "gan-letters"),
        ("gan", "photos/../cats", "gan-cats"),
        ("own/game.v2.py", "digits", "game.v2-digits"),
        ("game.v2", "digits", "game.v2-digits"),
        ("cyclegan", DomainSource(source="a/x", target="b/y"), "cyclegan-x-y"),
        ("gan", np.zeros((2, 8, 8, 1), np.uint8), "gan-data"),
    ],
)
def test_default_workdirs_differ_where_names_do(variant, dataset, name):
    assert default_workdir(variant, dataset).as_posix() == f"runs/{name}"


def test_the_default_workdir_of_the_folder_that_one_is_in(tmp_path, monkeypatch):
    (tmp_path / "v.3").mkdir()
    monkeypatch.chdir(tmp_path / "v.3")
    assert default_workdir("gan", ".").name == "gan-v.3"
