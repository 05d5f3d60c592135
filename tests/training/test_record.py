"""What a workdir knows about its run, and which command may go on with it."""

import dataclasses
import json

import numpy as np
import pytest

from kgan.config import Config
from kgan.data import arrays
from kgan.errors import UserError
from kgan.training.options import Options
from kgan.training.record import FORMAT, NAME, OURS, Record


def test_written_and_read(record, tmp_path):
    record.write(tmp_path)
    assert Record.read(tmp_path) == record
    record.check_same_run(tmp_path)


@pytest.mark.parametrize("found", [None, FORMAT + 1])
def test_a_run_of_another_version_is_refused_in_one_line(record, tmp_path, found):
    record.write(tmp_path)
    plain = json.loads((tmp_path / NAME).read_text())
    plain["format"] = found
    if found is None:  # as the first version wrote it, with other fields
        plain = dict.fromkeys(("variant", "images", "shape", "computing"))
    (tmp_path / NAME).write_text(json.dumps(plain))
    for read in (
        lambda: Record.read(tmp_path),
        lambda: record.check_same_run(tmp_path),
    ):
        with pytest.raises(UserError, match="in format .* of another version") as error:
            read()
        assert "\n" not in str(error.value) and "fresh" in str(error.value)


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
        ({"split": "test"}, "split: train -> test"),
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


def changed(record, **environment):
    return dataclasses.replace(record, environment=environment)


def test_what_changes_the_bits_is_told(record, tmp_path):
    assert changed(record, threads=2).environment_changes(tmp_path) == []
    changed(record, threads=2, jit=False).write(tmp_path)
    assert changed(record, threads=2, jit=False).environment_changes(tmp_path) == []
    told = changed(record, threads=4, jit=True).environment_changes(tmp_path)
    assert told == ["jit: False -> True", "threads: 2 -> 4"]


@pytest.mark.parametrize("change", ["pixel", "label", "number"])
def test_other_images_are_told(record, tmp_path, change):
    record.write(tmp_path)
    pixels, labels = np.zeros((5, 8, 8, 1), np.uint8), np.zeros(5, np.int32)
    if change == "pixel":
        pixels[4, 7, 7] = 1
    elif change == "label":
        labels[4] = 1
    else:
        pixels, labels = pixels[:4], labels[:4]
    images = arrays.images(pixels, labels, name="digits", classes=("a", "b"))
    other = dataclasses.replace(
        record, data=Record.of("gan", "", Config(), images, Options()).data
    )
    told = other.environment_changes(tmp_path)
    assert any(line.startswith("data.digest: ") for line in told)
    assert ("data.number: 5 -> 4" in told) == (change == "number")
    other.check_same_run(tmp_path)  # a folder may grow
