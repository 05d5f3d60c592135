"""Progress into a file: some lines, with a number for everything asked for."""

import sys
from types import SimpleNamespace

import pytest

from kgan.callbacks import Progress
from kgan.errors import UserError


def live(epochs, steps=2, executed=1):
    """A run that Keras tells of after every `executed` steps."""
    progress = Progress(examples_per_step=10, names=["D/loss"])
    progress.set_params({"epochs": epochs, "steps": steps})
    progress.on_train_begin()
    logs = {"D/loss": 0.12345, "G/loss": 1.0}
    for epoch in range(epochs):
        progress.on_epoch_begin(epoch)
        for batch in range(executed - 1, steps, executed):
            progress.on_train_batch_begin(batch + 1 - executed)
            progress.on_train_batch_end(batch, logs)
        progress.on_epoch_end(epoch, logs)
    progress.on_train_end()


def test_a_line_shows_what_was_asked_for(capsys):
    live(epochs=2)
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 2
    assert err.startswith("epoch 1/2: D/loss 0.123, ") and err.endswith(" images/s\n")


@pytest.mark.parametrize("epochs", [1, 49, 100, 999])
def test_about_fifty_lines_at_most_and_always_the_last(capsys, epochs):
    live(epochs)
    lines = capsys.readouterr().err.splitlines()
    assert min(epochs, 45) <= len(lines) <= 54
    assert lines[-1].startswith(f"epoch {epochs}/{epochs}:")


def test_no_speed_is_told_before_one_is_known(capsys):
    """An epoch in one execution: its only time is that of compiling."""
    live(epochs=1, steps=2, executed=2)
    assert " 0 images/s" not in capsys.readouterr().err


def test_a_run_without_an_epoch_ends_well(capsys):
    progress = Progress(10, [])
    progress.on_train_begin()
    progress.on_train_end()
    assert capsys.readouterr().err == ""


class Notebook:
    """What a notebook's kernel leaves to be found, and what was shown in it."""

    def __init__(self):
        self.shown, self.kernel, self.display = [], True, self

    def get_ipython(self):
        return self

    def __call__(self, data, raw, display_id):
        return self.display

    def update(self, data, raw):
        self.shown.append(data["text/plain"])


def test_in_a_notebook_a_bar_moves_in_one_place(capsys, monkeypatch):
    notebook = Notebook()
    notebook.display = SimpleNamespace(display=notebook, update=notebook.update)
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    live(epochs=200)
    assert capsys.readouterr() == ("", "")
    assert len(notebook.shown) < 20 and not any("\r" in line for line in notebook.shown)
    assert "100%" in notebook.shown[-1] and "D/loss 0.123" in notebook.shown[-1]


def test_a_notebook_shows_one_line_of_an_error():
    (line,) = UserError("epochs=0", "is none")._render_traceback_()
    assert line == "UserError: epochs=0: is none"
