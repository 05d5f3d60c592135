"""The history and the checkpoints of a run that stops and goes on."""

import csv

import pytest

from kgan.callbacks import History, Keep


def live(callback, first, last, **logs):
    """The epochs `first` to `last`, counted from 0."""
    callback.set_params({"epochs": last + 1})
    callback.on_train_begin()
    for epoch in range(first, last + 1):
        callback.on_epoch_end(epoch, {"loss": epoch / 2} | logs)
    callback.on_train_end()


def history(folder):
    with open(folder / "history.csv", newline="") as file:
        return list(csv.reader(file))


def test_a_row_per_epoch(tmp_path):
    live(History(tmp_path), 0, 1, accuracy=1)
    assert history(tmp_path) == [
        ["epoch", "accuracy", "loss"],
        ["1", "1.0", "0.0"],
        ["2", "1.0", "0.5"],
    ]


def test_going_on_drops_rows_that_no_checkpoint_covers(tmp_path):
    """Interrupted in its 5th epoch, the run goes on from the checkpoint after 2."""
    live(History(tmp_path), 0, 3)
    live(History(tmp_path, first_epoch=2), 2, 4)
    assert [row[0] for row in history(tmp_path)] == ["epoch", "1", "2", "3", "4", "5"]


def test_beginning_anew_drops_all_rows(tmp_path):
    live(History(tmp_path), 0, 3)
    live(History(tmp_path), 0, 0)
    assert history(tmp_path) == [["epoch", "loss"], ["1", "0.0"]]


def test_an_epoch_is_on_the_disk_when_it_ends(tmp_path):
    callback = History(tmp_path)
    callback.on_train_begin()
    callback.on_epoch_end(0, {"loss": 1.0})
    assert len(history(tmp_path)) == 2
    callback.on_train_end()


class Saved(list):
    def save(self, next_epoch):
        self.append(next_epoch)


@pytest.mark.parametrize("minutes, saved", [(0.0, [1, 2, 3]), (60.0, [3])])
def test_checkpoints_now_and_then_and_at_the_end(minutes, saved):
    checkpoints = Saved()
    live(Keep(checkpoints, minutes), 0, 2)
    assert checkpoints == saved
