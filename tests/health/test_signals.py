"""The signals of health, by hand; and that to measure changes nothing."""

import math

import numpy as np
import pytest
import tensorflow as tf

from kgan.callbacks.means import Means
from kgan.health.signals import Signals
from kgan.running_means import RunningMeans
from tests.conformance import games, inputs


class Drawing:
    """Stands for a game: what it drew is given."""

    distribute_strategy = tf.distribute.get_strategy()

    def __init__(self, fake):
        self.fake = tf.constant(fake, "float32")

    def as_inputs(self, batch):
        return {name: tf.convert_to_tensor(value) for name, value in batch.items()}

    def diagnose(self, batch, held_out):
        return {"fake": self.fake}


def plane(*points):
    return np.float32(points).reshape(-1, 1, 2, 1)


SQUARE = plane((0, 0), (0, 2), (2, 0), (2, 2))


def measured(fake, known=None):
    return Signals(Drawing(fake), {"real": SQUARE}, None, known).measure()


def test_distances_of_a_square():
    """Of the 12 pairs 8 are 2 apart and 4 are 8 ** 0.5: 64 / 12 squared, on average."""
    assert measured(SQUARE) == pytest.approx(
        {"finite_images": 1.0, "distance": 1.0, "nearest": 1.0}
    )
    half = measured(SQUARE / 2)
    assert half["distance"] == pytest.approx(0.5) == half["nearest"]
    pairs = measured(plane((0, 0), (0, 0), (3, 0), (3, 0)))
    assert pairs["nearest"] == 0.0, "two images, twice each"
    # 8 of 12 pairs are 9 apart squared: 6, over 16 / 3.
    assert pairs["distance"] == pytest.approx((6 / (16 / 3)) ** 0.5)


def test_collapsed_and_broken_images():
    one = measured(plane((1, 1), (1, 1), (1, 1)))
    assert one["distance"] == 0.0 == one["nearest"]
    assert measured(plane((1, 1), (math.nan, 1)))["finite_images"] == 0.0


def test_classes_are_those_of_the_nearest():
    known = SQUARE, np.int32([0, 1, 2, 3])
    near = SQUARE + 0.1
    assert measured(near, known)["classes"] == pytest.approx(1.0)
    assert measured(near[[0, 0, 0, 0]], known)["classes"] == pytest.approx(1 / 4)
    assert measured(near[[0, 0, 1, 1]], known)["classes"] == pytest.approx(2 / 4)


def test_of_many_classes_few_images_show_few():
    """As many as so many real ones show: 4 images cannot be of 8 classes."""
    known = np.concatenate([SQUARE, SQUARE + 10]), np.arange(8, dtype=np.int32)
    assert measured(SQUARE + 0.1, known)["classes"] == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["gan-mlp", "cgan-dcgan", "infogan"])
def test_measuring_changes_nothing(name):
    game = games.build(name)
    signals = Signals(game, inputs.batch(0), inputs.batch(1))
    before = [v.numpy().tobytes() for v in game.state]
    first, second = signals.measure(), signals.measure()
    assert first == second and {"memory", "saturation", "nearest"} <= first.keys()
    assert signals.finite() == []
    assert [v.numpy().tobytes() for v in game.state] == before


def test_a_game_without_images_has_none():
    game = games.build("product")
    signals = Signals(game, inputs.batch())
    assert signals.measure() == {} and signals.finite() == []


def test_saturation_is_the_ratio_of_the_slopes():
    """With D(G(z)) = p for all z the slopes are -p and -(1 - p)."""
    game = games.build("gan-mlp", plain=True)
    last = game.discriminator.trainable_variables[-1]
    for kernel in game.discriminator.trainable_variables[-2:-1]:
        kernel.assign(kernel * 1e-4)  # the score is the bias, and G has a slope still
    signals = Signals(game, inputs.batch())
    for p in (0.5, 0.1, 0.9):
        last.assign([math.log(p / (1 - p))])
        found = signals.measure()["saturation"]
        assert found == pytest.approx(p / (1 - p), rel=1e-2)


def test_a_g_without_gradients_through_its_samples_has_no_saturation():
    """It learns from scores: both slopes are none, and none is flat."""
    signals = Signals(games.build("text"), inputs.batch(name="text"))
    found = signals.measure()
    assert found and "saturation" not in found


def test_memory_is_the_share_of_pairs():
    game = games.build("gan-mlp", plain=True)
    bright, dark = (
        inputs.batch() | {"real": tf.fill((8, 8, 8, 1), c)} for c in (0.9, -0.9)
    )
    one, other = (
        Signals(game, *both).measure()["memory"]
        for both in ((bright, dark), (dark, bright))
    )
    assert {one, other} == {0.0, 1.0}
    assert Signals(game, bright, bright).measure()["memory"] == 0.5


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_not_finite_is_found(value):
    game = games.build("gan-mlp")
    signals = Signals(game, inputs.batch())
    game.track("G/gradient_norm", value)
    assert signals.finite() == [], "float16 leaves such a step out"
    game.track("G/loss", value)
    assert signals.finite() == ["losses"]
    weight = game.max_optimizer.variables[-1]
    weight.assign(weight + value)
    assert signals.finite() == ["losses", "weights"]


def test_means_over_epochs_and_interruptions():
    """1, 2, 3 in an epoch, 10 in the next: the mean is 4, however it was cut up."""
    running_means, means = RunningMeans(["a"]), Means()
    running_means.add("a", [1.0, 2.0])
    means.collect(running_means)
    means = Means(means.state())
    running_means.add("a", 3.0)
    means.collect(running_means, ends=True)
    running_means.reset_state()
    running_means.add("a", 10.0)
    means.collect(running_means)
    assert means.take() == {"a": 4.0}
    means.collect(running_means)
    assert math.isnan(means.take()["a"])
