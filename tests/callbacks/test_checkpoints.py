"""The history and the checkpoints of a run that stops and goes on."""

import csv

import pytest

from kgan.callbacks import EpochLog, SaveCheckpoints
from kgan.training.checkpoint import CheckpointInterval
from kgan.training.loop import Position

BEGIN = Position()


def live(callback, first, last, **logs):
    """The epochs `first` to `last`, counted from 0."""
    callback.on_train_begin()
    for epoch in range(first, last + 1):
        callback.on_epoch_end(epoch, {"loss": epoch / 2} | logs)


def begun(folder, first, last, state=None, log=pytest.fail):
    callback = EpochLog(folder, log)
    callback.resume(state)
    live(callback, first, last)
    return callback


def history(folder):
    with open(folder / "history.csv", newline="") as file:
        return list(csv.reader(file))


def epochs(folder):
    return [row[0] for row in history(folder)]


def test_a_row_per_epoch(tmp_path):
    live(EpochLog(tmp_path), 0, 1, accuracy=1)
    assert history(tmp_path) == [
        ["epoch", "accuracy", "loss"],
        ["1", "1.0", "0.0"],
        ["2", "1.0", "0.5"],
    ]


def test_going_on_drops_rows_that_no_checkpoint_covers(tmp_path):
    state = begun(tmp_path, 0, 1).state()
    begun(tmp_path, 2, 3, state)
    begun(tmp_path, 2, 4, state)
    assert epochs(tmp_path) == ["epoch", "1", "2", "3", "4", "5"]


def test_half_a_row_is_dropped(tmp_path):
    state = begun(tmp_path, 0, 1).state()
    with open(tmp_path / "history.csv", "a") as file:
        file.write("3,0.")
    begun(tmp_path, 2, 2, state)
    assert epochs(tmp_path) == ["epoch", "1", "2", "3"]


def test_beginning_anew_drops_all_rows(tmp_path):
    begun(tmp_path, 0, 3)
    begun(tmp_path, 0, 0)
    assert history(tmp_path) == [["epoch", "loss"], ["1", "0.0"]]


def test_lost_rows_are_told(tmp_path):
    state, said = begun(tmp_path, 0, 3).state(), []
    (tmp_path / "history.csv").write_text("epoch,loss\n")
    begun(tmp_path, 4, 4, state, said.append)
    assert len(said) == 1 and "history.csv: " in said[0] and "bytes are gone" in said[0]
    assert epochs(tmp_path) == ["epoch", "5"]


class Saved(list):
    def save(self, position, notes):
        self.append((*position, notes))


class Remembering:
    def state(self):
        return "state"


def kept(every, epochs=2, steps=4, start=BEGIN, stop=None):
    """The positions at which checkpoints were saved, steps two at a time."""
    saved = Saved()
    keep = SaveCheckpoints(saved, every, start, {"one": Remembering()})
    keep.set_params({"epochs": epochs, "steps": steps})
    keep.on_train_begin()
    for epoch in range(start.epoch, epochs):
        for step in range(start.step if epoch == start.epoch else 0, steps, 2):
            if (epoch, step) == stop:
                keep.on_train_end()
                return saved
            keep.on_train_batch_end(step + 1)
        keep.on_epoch_end(epoch)
    keep.on_train_end()
    return saved


@pytest.mark.parametrize(
    "every, positions",
    [
        (CheckpointInterval(), [(2, 0)]),
        (CheckpointInterval(minutes=60.0), [(2, 0)]),
        (CheckpointInterval(minutes=1e-9), [(0, 2), (1, 0), (1, 2), (2, 0)]),
        (CheckpointInterval(steps=1), [(0, 2), (1, 0), (1, 2), (2, 0)]),
        (CheckpointInterval(steps=3), [(1, 0), (2, 0)]),
        (CheckpointInterval(epochs=1), [(1, 0), (2, 0)]),
        (CheckpointInterval(epochs=2), [(2, 0)]),
    ],
)
def test_when(every, positions):
    assert kept(every) == [(*position, {"one": "state"}) for position in positions]


def test_steps_count_on_from_the_middle_of_an_epoch():
    assert [p[:2] for p in kept(CheckpointInterval(steps=4), start=Position(0, 2))] == [
        (1, 2),
        (2, 0),
    ]


def test_what_a_callback_of_another_start_noted_stays():
    saved = Saved()
    notes = {"one": "old", "other": 7}
    keep = SaveCheckpoints(
        saved, CheckpointInterval(), BEGIN, {"one": Remembering()}, notes=notes
    )
    keep.set_params({"epochs": 1, "steps": 1})
    keep.on_train_begin()
    keep.on_train_batch_end(0)
    keep.on_epoch_end(0)
    assert saved == [(1, 0, {"one": "state", "other": 7})]


def test_a_stop_is_saved_once():
    assert [p[:2] for p in kept(CheckpointInterval(), stop=(1, 2))] == [(1, 2)]
    assert [p[:2] for p in kept(CheckpointInterval(epochs=1), stop=(1, 0))] == [(1, 0)]
    assert not kept(CheckpointInterval(), stop=(0, 0)), "nothing to save yet"
