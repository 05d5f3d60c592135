"""Who may train in a folder, and what becomes of the run that was there."""

import os
import subprocess
import sys

import pytest

from kgan.errors import UserError
from kgan.training.workdir import HOLDER, LOCK, claimed, default_workdir, held

OTHER = """
import sys
from kgan.training.workdir import held
with held(sys.argv[1], lambda line: None):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock of tmp_path until it is killed or told."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_the_second_is_refused_until_the_first_has_ended(other, tmp_path):
    words = f"process {other.pid} on .* trains there now"
    for _ in range(2):  # to ask changes nothing
        with pytest.raises(UserError, match=words) as caught, held(tmp_path):
            pass
        assert caught.value.exit_code == 1
    other.communicate("")
    with held(tmp_path, pytest.fail):
        assert (tmp_path / HOLDER).exists()
    assert not (tmp_path / HOLDER).exists()


def test_a_stale_lock_is_recognised(other, tmp_path):
    other.kill()
    other.wait()
    said = []
    with held(tmp_path, said.append):
        assert len(said) == 1 and f"process {other.pid} on" in said[0]
        assert "stale" in said[0]
    with held(tmp_path, pytest.fail):
        pass


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
    ],
)
def test_default_workdirs_differ_where_names_do(variant, dataset, name):
    assert default_workdir(variant, dataset).as_posix() == f"runs/{name}"


def test_the_default_workdir_of_the_folder_that_one_is_in(tmp_path, monkeypatch):
    (tmp_path / "v.3").mkdir()
    monkeypatch.chdir(tmp_path / "v.3")
    assert default_workdir("gan", ".").name == "gan-v.3"
