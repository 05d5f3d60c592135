"""The layer that writes music pitch by pitch: its draws, its likelihood, its intervals."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.networks import rolls
from kgan.networks.layers import VoiceWriter, intervals

SHAPE = 2, 2, 3  # steps, voices, one-hot pitches


def writer(given=0, shape=SHAPE):
    """The layer of a G of width 3, with weights that are far from 0."""
    model = rolls.writer(shape, given=given, width=3)
    layer = model.get_layer("writer")
    for number, weight in enumerate(layer.trainable_variables):
        fast = any(name in weight.path for name in ("intervals", "kept"))
        values = tf.random.stateless_normal(weight.shape, (0, number))
        weight.assign((0.1 if fast else 1.0) * values)
    return model, layer


def every_roll(shape):
    """All rolls of a shape, one-hot."""
    steps, voices, pitches = shape
    found = [*itertools.product(range(pitches), repeat=steps * voices)]
    rows = np.reshape(found, (-1, steps, voices))
    return tf.one_hot(rows, pitches)


def gumbel(n, shape, seed=0):
    share = tf.random.stateless_uniform((n, *shape), (seed, 1), 1e-6, 1 - 1e-6)
    return -tf.math.log(-tf.math.log(share))


def test_rolls_are_drawn_as_often_as_their_likelihood_says():
    model, layer = writer()
    every = every_roll(SHAPE)
    p = np.exp(np.asarray(layer.log_likelihood(every), float).sum((1, 2)))
    assert p.sum() == pytest.approx(1.0, abs=1e-5)
    drawn = np.argmax(model({"z": gumbel(20_000, SHAPE)}), -1).reshape(-1, 4)
    found = np.bincount(drawn @ [27, 9, 3, 1], minlength=81) / 20_000
    assert np.ptp(p) > 0.05, "not all alike"
    assert np.abs(found - p).max() < 0.012


def test_with_given_voices_the_others_are_drawn():
    shape = 2, 3, 2
    model, layer = writer(given=1, shape=shape)
    every = every_roll(shape)
    source = every[:, :, :1]
    log_p = np.asarray(layer.log_likelihood(every), float)
    assert log_p.shape == (64, 2, 2)
    melody = np.argmax(source, -1).reshape(64, 2) @ [2, 1]
    p = np.exp(log_p.sum((1, 2)))
    np.testing.assert_allclose(np.bincount(melody, p), 1.0, atol=1e-5)
    alike = tf.repeat(source[melody == 2][:1], 20_000, 0)
    drawn = model({"z": gumbel(20_000, (2, 2, 2)), "source": alike})
    number = np.argmax(drawn, -1).reshape(-1, 4) @ [8, 4, 2, 1]
    found = np.bincount(number, minlength=16) / 20_000
    others = np.argmax(every[melody == 2][:, :, 1:], -1).reshape(-1, 4) @ [8, 4, 2, 1]
    assert np.abs(found[others] - p[melody == 2]).max() < 0.012
    # What is ahead counts: another second note of the melody changes the first step.
    steps = log_p[:, 0].sum(1).reshape(2, 2, 2, 2, 2, 2)  # by pitch of (step, voice)
    assert np.abs(steps[0, :, :, 0] - steps[0, :, :, 1]).max() > 1e-3


def test_pitches_are_one_hot_with_a_gradient_to_every_weight():
    shape = 4, 3, 6
    model, layer = writer(shape=shape)
    with tf.GradientTape() as tape:
        made = model({"z": gumbel(64, shape)})
        total = tf.reduce_sum(made * made[:, ::-1] * tf.range(6.0))
    np.testing.assert_allclose(np.sort(made, -1)[..., -1], 1.0, atol=1e-6)
    np.testing.assert_allclose(np.sum(made, -1), 1.0, atol=1e-6)
    found = tape.gradient(total, layer.trainable_variables)
    still = [
        weight.path
        for weight, one in zip(layer.trainable_variables, found, strict=True)
        if not tf.reduce_any(one != 0)
    ]
    assert still == []


def test_weights_of_intervals_hold_in_every_key():
    """With none but them, a roll and the same in another key are equally likely."""
    _, layer = writer(shape=(4, 2, 9))
    for weight in layer.trainable_variables:
        if not any(name in weight.path for name in ("intervals", "kept")):
            weight.assign(0.0 * weight)
    logits = layer.voices[1].logits

    def at(key):
        before = keras.ops.one_hot([[1 + key, 3 + key]], 9)
        now = keras.ops.one_hot([[2 + key]], 9)
        return np.asarray(logits(keras.ops.zeros((1, 3)), before, now))[0]

    np.testing.assert_allclose(at(0)[1:7], at(2)[3:9], atol=1e-6)
    assert np.ptp(at(0)[1:7]) > 0.1
    assert at(0)[0] == 0.0, "silence is no interval"


def test_kept_intervals_by_hand():
    """A weight of fifths counts where both voices move by the same, and only there."""
    _, layer = writer(shape=(4, 2, 14))
    for weight in layer.trainable_variables:
        weight.assign(0.0 * weight)
    voice = layer.voices[1]
    voice.kept.assign(np.eye(12, dtype="float32")[[5]])  # from the higher to the lower

    def penalised(before, now):
        one_hot = [keras.ops.one_hot([one], 14) for one in (before, now)]
        logits = voice.logits(keras.ops.zeros((1, 3)), *one_hot)
        return np.flatnonzero(np.asarray(logits)[0]).tolist()

    assert penalised([1, 6], [3]) == [8]
    assert penalised([1, 6], [1]) == [], "the first voice stays"
    assert penalised([1, 7], [3]) == [], "another interval"
    # An octave apart counts as one; pitch 6 would be to stay.
    assert penalised([2, 7], [1]) == [6]
    assert penalised([1, 6], [13]) == [], "6 is to stay, and 18 is none"
    assert penalised([0, 6], [3]) == [], "silence"


def test_intervals_of_a_matrix():
    assert intervals.fold(14)[13].argmax() == 0 and not intervals.fold(14)[0].any()
    above = intervals.above(5)
    assert above[2, 4] == above[1, 3] == 6 and (above[0] == 9).all()
    assert intervals.between()[7, 2].argmax() == 7


def test_a_saved_layer_is_the_same(tmp_path):
    model, _ = writer(given=1, shape=(2, 3, 4))
    model.save(tmp_path / "g.keras")
    latent = {"z": gumbel(3, (2, 2, 4)), "source": every_roll((2, 1, 4))[:3]}
    again = keras.models.load_model(tmp_path / "g.keras")
    np.testing.assert_array_equal(model(latent), again(latent))
    layer = VoiceWriter.from_config(VoiceWriter(7, 2).get_config())
    assert (layer.width, layer.given) == (7, 2)
