"""The batches of a run whose epochs are not passes over the data."""

import itertools

import numpy as np
import pytest

import kgan
from kgan.configs import gan
from kgan.training import feed
from kgan.training.loop import Position

SMALL = {"width": 4, "latent": 4, "batch_size": 512, "grids": 1}  # 2 steps a pass


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(kgan.training.trainer.Trainer, "_export", lambda self: None)


def fed(steps, start, count):
    """The images of some batches of the digits: 22 steps a pass."""
    data = kgan.data.load("digits", log=lambda line: None)
    config = gan.Config(width=4, latent=4, batch_size=64, steps_per_epoch=steps)
    game = gan.build(config, data.spec)
    found = feed.batches(game, data, config, Position(*start))
    return [np.array(one["real"]) for one in itertools.islice(found, count)]


@pytest.mark.parametrize("steps", [1, 5, 22, 50])
def test_the_length_of_an_epoch_changes_no_batch(steps):
    whole = fed(0, (0, 0), 60)
    for number in (0, 4, 21, 22, 49, 51):
        (found,) = fed(steps, divmod(number, steps), 1)
        np.testing.assert_array_equal(found, whole[number])


def test_the_length_of_an_epoch_changes_no_bit_of_a_game(tmp_path, quick):
    def samples(**length):
        place = tmp_path / str(length)
        run = kgan.train(
            "gan", "digits", place, log=lambda line: None, **length, **SMALL
        )
        return run.generate(4, seed=0)

    whole = samples(epochs=3)
    for steps, epochs in ((1, 6), (3, 2), (6, 1)):
        found = samples(steps_per_epoch=steps, epochs=epochs)
        np.testing.assert_array_equal(found, whole)


def test_a_run_has_the_updates_of_its_epochs(tmp_path, quick):
    told = []
    length = {"steps_per_epoch": 3, "updates": 7}
    run = kgan.train("gan", "digits", tmp_path, log=told.append, **length, **SMALL)
    assert (run.record.config["epochs"], run.record.config["updates"]) == (3, 9)
    with pytest.raises(kgan.UserError, match="another run .steps_per_epoch: 3 -> 2"):
        kgan.train(
            "gan", "digits", tmp_path, log=told.append, steps_per_epoch=2, **SMALL
        )
