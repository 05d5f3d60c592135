"""A run as Python users and notebooks see it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan.experiments.theory.nash import Bilinear

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), np.uint8)
LABELS = np.arange(40) % 2
SMALL = {"width": 2, "batch_size": 8, "epochs": 2, "log": lambda line: None}


class Counts(keras.callbacks.Callback):
    epochs = 0

    def on_epoch_end(self, epoch, logs=None):
        self.epochs += 1


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run on a `tf.data.Dataset`, with a callback of the user's."""
    data = tf.data.Dataset.from_tensor_slices((PIXELS, LABELS))
    folder, counts = tmp_path_factory.mktemp("runs") / "mine", Counts()
    found = kgan.train(
        "cgan", data, folder, health_every=5, callbacks=[counts], **SMALL
    )
    assert counts.epochs == 2
    return found


def test_a_run_tells_what_it_did(run):
    assert run.history["epoch"] == [1, 2]
    assert len(run.history["G/loss"]) == 2 and np.isfinite(run.history["G/loss"]).all()
    assert run.health.startswith("health: ")
    assert run.picture.name == "epoch-00002.png"
    assert repr(run).endswith("mine: cgan on data, 2 of 2 epochs>")


def test_a_run_shows_itself_in_a_notebook(run):
    assert run._repr_png_() == run.picture.read_bytes()
    page = run._repr_html_()
    assert page.count('<img src="data:image/png;base64,') == 2
    assert run.health.splitlines()[0] in page and "cgan on data" in page


def test_a_run_is_found_again(run, tmp_path):
    again = kgan.Run(run.workdir)
    one, two, three = (
        found.generate(4, seed=1, label="1")
        for found in (run, again, kgan.load(run.workdir))
    )
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one, three)
    again.export(tmp_path / "generator")
    exported = kgan.load(tmp_path / "generator")
    np.testing.assert_array_equal(exported.generate(4, seed=1, label="1"), one)
    with pytest.raises(kgan.UserError, match="no run is kept there"):
        kgan.Run(tmp_path)


def test_a_run_without_pictures(tmp_path):
    game = Bilinear()
    game.compile(
        max_optimizer=keras.optimizers.SGD(0.2), min_optimizer=keras.optimizers.SGD(0.2)
    )
    quiet = {"log": lambda line: None, "batch_size": 1, "epochs": 2}
    run = kgan.train(game, None, tmp_path / "run", **quiet)
    assert run.picture is None and run._repr_png_() is None
    assert run._repr_html_().count("<img") == 1
    loaded = kgan.load(tmp_path / "run", game=game)
    assert loaded is game
