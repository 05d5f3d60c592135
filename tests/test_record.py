"""What a workdir knows about its run, and which command may go on with it."""

import dataclasses
from types import SimpleNamespace

import pytest

from kgan.config import Config
from kgan.errors import UserError
from kgan.record import OURS, Record


@pytest.fixture
def record():
    images = SimpleNamespace(image_shape=(8, 8, 1), classes=("a", "b"))
    return Record.of("gan", "digits", "float32", Config(epochs=3), images)


def test_written_and_read(record, tmp_path):
    record.write(tmp_path)
    assert Record.read(tmp_path) == record
    record.check_same_run(tmp_path)


@pytest.mark.parametrize("field", ["epochs", "updates", "grids"])
def test_a_run_may_become_longer(record, tmp_path, field):
    record.write(tmp_path)
    longer = dataclasses.replace(record, config=record.config | {field: 7})
    longer.check_same_run(tmp_path)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"variant": "cgan"}, "variant: gan -> cgan"),
        ({"dataset": "mnist"}, "dataset: digits -> mnist"),
        ({"precision": "mixed_bfloat16"}, "precision: float32 -> mixed_bfloat16"),
        ({"classes": ("a",)}, "classes: "),
        ({"config": {"seed": 1}}, "seed: 0 -> 1"),
    ],
)
def test_another_run_is_refused(record, tmp_path, change, words):
    record.write(tmp_path)
    if "config" in change:
        change = {"config": record.config | change["config"]}
    with pytest.raises(UserError, match=words) as caught:
        dataclasses.replace(record, **change).check_same_run(tmp_path)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("name", OURS)
def test_files_of_our_names_that_are_no_runs(record, tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(UserError, match=f"holds '{name}' but no run.json"):
        record.check_same_run(tmp_path)


def test_files_of_other_names_are_no_matter(record, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    record.check_same_run(tmp_path)
    record.check_same_run(tmp_path / "not there yet")
