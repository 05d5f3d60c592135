"""The game that predicts frames: what it sees, and how it goes on from its own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.configs import next_frame, next_pose
from kgan.data import Field, Spec
from kgan.data.kinds import Frames, Poses
from kgan.errors import UserError
from kgan.models import NextFrame
from kgan.models.next_frame import stacked, unstacked
from kgan.models.round import Round
from kgan.networks import patch
from kgan.penalties import GradientDifference


def moves_right(shape, channels=1):
    """A G of one layer of one number that gives the last frame, moved by a pixel."""
    source = keras.Input(shape, name="source")
    last = source[..., -channels:]
    moved = keras.ops.roll(last, 1, axis=2)
    kernel = keras.initializers.Constant(np.eye(channels)[None, None])
    same = keras.layers.Conv2D(channels, 1, kernel_initializer=kernel)
    return keras.Model({"source": source}, same(moved))


def game(rollout=3, context=2, channels=1):
    shape = (8, 8, context * channels)
    seen = (context + rollout) * channels
    made = NextFrame(
        moves_right(shape, channels),
        patch.discriminator((8, 8, seen), depth=1, width=2),
        rollout=rollout,
    )
    made.compile(max_optimizer="adam", min_optimizer="adam", run_eagerly=True)
    made.fields = {"real": Field((6, 8, 8, channels), "uint8", Frames())}
    return made


def clips(n=2, frames=6, channels=1):
    """Clips of a white column that moves to the right by a pixel in each frame."""
    found = np.zeros((n, frames, 8, 8, channels), np.uint8)
    for i in range(frames):
        found[:, i, :, i % 8] = 255
    return found


def test_frames_are_stacked_as_channels_and_back():
    found = tf.reshape(tf.range(2 * 3 * 4 * 5 * 2), (2, 3, 4, 5, 2))
    wide = stacked(found)
    assert wide.shape == (2, 4, 5, 6)
    np.testing.assert_array_equal(wide[1, 2, 3, 2:4], found[1, 1, 2, 3])
    np.testing.assert_array_equal(unstacked(wide, 2), found)
    assert stacked(found[:, :, 0, 0]).shape == (2, 6)


@pytest.mark.parametrize("channels", [1, 3])
def test_what_it_sees_and_what_it_should_predict(channels):
    found = game(channels=channels).as_inputs({"real": clips(channels=channels)})
    widths = {name: value.shape[-1] / channels for name, value in found.items()}
    assert widths == {"source": 2, "real": 3, "future": 4}
    assert found["source"][0, 0].numpy().argmax(0)[::channels].tolist() == [0, 1]


@pytest.mark.parametrize("channels", [1, 3])
def test_it_goes_on_from_its_own_frames(channels):
    """The right G makes no error, however far it goes; in training as well."""
    made = game(channels=channels)
    whole = clips(frames=8, channels=channels)
    np.testing.assert_array_equal(made.predict_frames(whole[:, :2], 6), whole[:, 2:])
    np.testing.assert_array_equal(made.generate(source=whole[:, :2]), whole[:, 2:3])
    batch = made.as_inputs({"real": whole[:, :6]})
    np.testing.assert_allclose(made.forward(batch).fake, batch["real"])
    shown = made.preview(batch, (0, 0))["real"]
    assert shown.shape == (2, 2, 6, 8, 8, channels)
    np.testing.assert_array_equal(shown[:, 0], whole[:, :6])
    np.testing.assert_array_equal(shown[:, 1], whole[:, :6])


def test_frames_that_do_not_fit_are_refused():
    with pytest.raises(UserError, match="source=.*must be uint8 .n, 2, 8, 8, 1."):
        game().generate(source=clips()[:, :3])


def test_the_difference_of_gradients_by_hand():
    """From a flat picture to one with an edge: 1 in 4 of the differences, and none."""
    wanted = np.zeros((1, 2, 5, 1), np.float32)
    wanted[:, :, 2:] = 2.0  # an edge of 2 in each of two rows; none from row to row
    flat = np.zeros_like(wanted)
    term = GradientDifference(3.0)

    def of(fake):
        return float(term(Round({"real": wanted}, {}, fake, None))[0])

    assert of(flat) == pytest.approx(3.0 * 0.5 * (0.0 + 2.0 / 4))
    assert of(wanted) == of(wanted + 1.0) == of(-wanted) == 0.0
    squared = GradientDifference(1.0, power=2.0)
    assert float(squared(Round({"real": wanted}, {}, flat, None))[0]) == 0.5
    assert GradientDifference.from_config(squared.get_config()).power == 2.0


def test_the_terms_of_a_configuration():
    spec = Spec({"real": Field((14, 16, 16, 1), "uint8", Frames())})
    small = {"width": 2, "batch_size": 2}
    plain = next_frame.build(
        next_frame.Config(distance="l2", gradient_weight=0.0, **small), spec
    )
    assert {"G/l2"} <= set(plain.tracked) and not plain.generator_penalties
    sharp = next_frame.build(
        next_frame.Config(adversarial_weight=0.0, distance_weight=2.0, **small), spec
    )
    terms = sharp.min_terms(
        sharp.forward(sharp.as_inputs({"real": np.zeros((2, 14, 16, 16, 1), "uint8")}))
    )
    assert terms.keys() == {"adversarial", "l1", "gradient_difference"}
    assert not np.any(terms["adversarial"]), "its weight is 0"
    with pytest.raises(UserError, match="frames=5: is less than context=4 and"):
        next_frame.Config(frames=5)
    with pytest.raises(UserError, match="source_channels=3: the source are frames of"):
        next_frame.Config(source_channels=3)


def test_a_network_of_zeros_goes_on_at_constant_speed():
    field = Field((9, 43), "float32", Poses())
    config = next_pose.Config(context=4, rollout=2, frames=9, width=4, batch_size=2)
    made = next_pose.build(config, Spec({"real": field}))
    made.fields = {"real": field}
    motions = np.random.default_rng(0).normal(size=(3, 9, 43)).astype(np.float32)
    coming = made.predict_frames(motions[:, :4], 3)
    speed = motions[:, 3:4] - motions[:, 2:3]
    wanted = motions[:, 3:4] + speed * np.array([1, 2, 3], np.float32)[:, None]
    np.testing.assert_allclose(coming, wanted, atol=1e-5)
    assert made.generate(source=motions[:, :4]).shape == (3, 1, 43)
    inputs = made.as_inputs({"real": motions})
    assert {k: v.shape[-1] // 43 for k, v in inputs.items()} == {
        "source": 4,
        "real": 2,
        "future": 5,
    }
    shown = made.preview(inputs, (0, 0))["real"]
    np.testing.assert_array_equal(shown[:, 0], motions)
    assert shown.shape == (3, 2, 9, 43)
    with pytest.raises(UserError, match="frames=5: is less than context=10 and"):
        next_pose.Config(frames=5)
