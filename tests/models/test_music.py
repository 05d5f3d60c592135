"""The GAN of music: one pitch for each voice and step, and given voices."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.configs import music
from kgan.data import Field, Spec
from kgan.data.kinds import Roll
from kgan.errors import UserError
from kgan.models.relaxation import gumbel, softmax

FIELD = Field((8, 3), "uint8", Roll((60, 50, 40), 10))
SMALL = {"width": 4, "batch_size": 4, "voices": 3, "steps": 8, "latent": 5}


def game(**fields):
    made = music.build(music.Config(**SMALL | fields), Spec({"real": FIELD}))
    made.fields = {"real": FIELD}
    return made


def rolls(n=4):
    random = np.random.default_rng(0)
    return random.integers((60, 50, 40), (70, 60, 50), (n, 8, 3)).astype(np.uint8)


def test_a_draw_follows_the_shares_and_has_their_gradient():
    logits = tf.tile(tf.math.log([[0.2, 0.5, 0.3]]), (20_000, 1))
    with tf.GradientTape() as tape:
        tape.watch(logits)
        drawn = gumbel(logits, (0, 1), 0.5)
        total = tf.reduce_sum(drawn[:, 1])
    np.testing.assert_allclose(tf.reduce_sum(drawn, 1), 1.0, atol=1e-6)
    np.testing.assert_allclose(tf.reduce_mean(drawn, 0), [0.2, 0.5, 0.3], atol=0.02)
    slope = tape.gradient(total, logits).numpy()
    assert (slope[:, 1] >= 0).all() and slope[:, 1].mean() > 0.1
    assert (slope[:, [0, 2]] <= 0).all()
    np.testing.assert_allclose(softmax(logits)[0], [0.2, 0.5, 0.3], atol=1e-6)


@pytest.mark.parametrize("relaxation", ["softmax", "gumbel"])
def test_samples_are_notes_that_the_voices_have(relaxation):
    made = game(relaxation=relaxation).generate(5, seed=1)
    assert made.shape == (5, 8, 3) and made.dtype == np.uint8
    FIELD.kind.check("made", made)


def test_d_sees_one_note_of_each_voice():
    batch = game().as_inputs({"real": rolls()})
    assert batch["real"].shape == (4, 8, 3, 11)
    hard, soft = (
        game(relaxation=one).forward(batch).fake for one in ("gumbel", "softmax")
    )
    for shares in (batch["real"], hard, soft):
        np.testing.assert_allclose(tf.reduce_sum(shares, -1), 1.0, atol=1e-6)
    assert set(np.unique(np.round(hard, 5))) == {0.0, 1.0}
    assert tf.reduce_min(soft) > 0.0 and tf.reduce_max(soft) < 1.0


def test_given_voices_stay_as_they_are():
    made = game(given=1, likelihood_weight=1.0)
    soprano = rolls()[:, :, :1]
    found = made.generate(source=soprano)
    assert found.shape == (4, 8, 3)
    np.testing.assert_array_equal(found[:, :, :1], soprano)
    shown = made.preview(made.as_inputs({"real": rolls()}), (0, 1))["real"]
    np.testing.assert_array_equal(shown[:, 0], rolls())
    np.testing.assert_array_equal(shown[:, 1, :, :1], soprano)
    made.compile(max_optimizer="adam", min_optimizer="adam", run_eagerly=True)
    logs = made.train_step({"real": rolls(12)})
    assert float(logs["G/likelihood"]) == pytest.approx(np.log(11), abs=0.5)
    with pytest.raises(UserError, match="source=.*must be uint8 .n, 8, 1."):
        made.generate(source=rolls())
    with pytest.raises(UserError, match="generate: takes exactly one of source"):
        made.generate(3)


def test_likelihood_by_hand():
    """With equal shares of 11 options it is log 11, for every true pitch."""
    made = game(given=2, likelihood_weight=2.0)
    for weight in made.generator.weights:
        weight.assign(keras.ops.zeros_like(weight))
    played = made.forward(made.as_inputs({"real": rolls()}))
    term = made.min_terms(played)["likelihood"]
    assert term.shape == (4, 8, 1)
    np.testing.assert_allclose(term, 2 * np.log(11), rtol=1e-4)


def test_what_does_not_go_together():
    with pytest.raises(
        UserError, match="given=3: leaves none of voices=3 to G; use at"
    ):
        music.Config(given=3, voices=3)
    with pytest.raises(
        UserError, match="relaxation=gumbel draws pitches, which have no"
    ):
        music.Config(given=1, likelihood_weight=1.0, relaxation="gumbel")
    spec = Spec({"real": Field((9, 3), "uint8", FIELD.kind)})
    with pytest.raises(UserError, match="steps=9: the number of steps must be a mult"):
        music.build(music.Config(**SMALL | {"steps": 9}), spec)
