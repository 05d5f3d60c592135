"""The GANs of music: one pitch for each voice and step, and given voices."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.configs import music
from kgan.data import Field, Spec
from kgan.data.kinds import Roll
from kgan.errors import UserError

FIELD = Field((8, 3), "uint8", Roll((60, 50, 40), 10))
SMALL = {"width": 4, "batch_size": 4, "voices": 3, "steps": 8}
AT_ONCE = {"network": "convolutional", "latent": 5}
BOTH = pytest.mark.parametrize(
    "fields", [{}, AT_ONCE], ids=["recurrent", "convolutional"]
)


def game(**fields):
    made = music.build(music.Config(**SMALL | fields), Spec({"real": FIELD}))
    made.fields = {"real": FIELD}
    return made


def rolls(n=4):
    random = np.random.default_rng(0)
    return random.integers((60, 50, 40), (70, 60, 50), (n, 8, 3)).astype(np.uint8)


@BOTH
def test_samples_are_notes_that_the_voices_have(fields):
    made = game(**fields).generate(5, seed=1)
    assert made.shape == (5, 8, 3) and made.dtype == np.uint8
    FIELD.kind.check("made", made)


def test_d_sees_one_note_of_each_voice():
    batch = game().as_inputs({"real": rolls()})
    assert batch["real"].shape == (4, 8, 3, 11)
    hard, soft = (game(**one).forward(batch).fake for one in ({}, AT_ONCE))
    for shares in (batch["real"], hard, soft):
        np.testing.assert_allclose(tf.reduce_sum(shares, -1), 1.0, atol=1e-6)
    assert set(np.unique(np.round(hard, 5))) == {0.0, 1.0}
    assert tf.reduce_min(soft) > 0.0 and tf.reduce_max(soft) < 1.0


@BOTH
def test_given_voices_stay_as_they_are(fields):
    made = game(given=1, **fields)
    soprano = rolls()[:, :, :1]
    found = made.generate(source=soprano)
    assert found.shape == (4, 8, 3)
    np.testing.assert_array_equal(found[:, :, :1], soprano)
    batch = made.as_inputs({"real": rolls()})
    np.testing.assert_array_equal(
        made.forward(batch).fake[:, :, :1], batch["real"][:, :, :1]
    )
    shown = made.preview(batch, (0, 1))["real"]
    np.testing.assert_array_equal(shown[:, 0], rolls())
    np.testing.assert_array_equal(shown[:, 1, :, :1], soprano)
    made.compile(max_optimizer="adam", min_optimizer="adam", run_eagerly=True)
    logs = made.train_step({"real": rolls()})
    assert float(logs["G/likelihood"]) == pytest.approx(np.log(11), abs=0.5)
    with pytest.raises(UserError, match="source=.*must be uint8 .n, 8, 1."):
        made.generate(source=rolls())
    with pytest.raises(UserError, match="generate: takes exactly one of source"):
        made.generate(3)


@BOTH
def test_likelihood_by_hand(fields):
    """With equal shares of 11 options it is log 11, for every true pitch."""
    made = game(given=2, likelihood_weight=2.0, **fields)
    made.iterations.assign(1000)  # after the warm-up
    for weight in made.generator.weights:
        if "temperature" not in weight.path:
            weight.assign(keras.ops.zeros_like(weight))
    played = made.forward(made.as_inputs({"real": rolls()}))
    term = made.min_terms(played)["likelihood"]
    assert term.shape == (4, 8, 1)
    np.testing.assert_allclose(term, 2 * np.log(11), rtol=1e-4)


def test_the_likelihood_is_that_of_stored_music():
    made = game(ema=0.0)
    batch = made.as_inputs({"real": rolls()})
    expected = made.writer.log_likelihood(batch["real"])
    np.testing.assert_allclose(made.log_likelihood(rolls()), expected, rtol=1e-6)
    cold = np.asarray(made.log_likelihood(made.generate(64, temperature=0.2)))
    warm = np.asarray(made.log_likelihood(made.generate(64)))
    assert cold.mean() > warm.mean() + 0.05


def test_the_warm_up_is_maximum_likelihood():
    made = game(warm_up=2, likelihood_weight=0.25)
    found = []
    for iteration in (1, 2):
        made.iterations.assign(iteration)
        terms = made.min_terms(made.forward(made.as_inputs({"real": rolls()})))
        found.append({name: float(tf.reduce_sum(term)) for name, term in terms.items()})
    assert found[0]["adversarial"] == 0.0 < found[1]["adversarial"]
    assert found[1]["likelihood"] == pytest.approx(0.25 * found[0]["likelihood"])


def test_what_does_not_go_together():
    with pytest.raises(
        UserError, match="given=3: leaves none of voices=3 to G; use at"
    ):
        music.Config(given=3, voices=3)
    with pytest.raises(UserError, match="warm_up=5: has no effect with .*convol"):
        music.Config(network="convolutional", warm_up=5)
    spec = Spec({"real": Field((9, 3), "uint8", FIELD.kind)})
    with pytest.raises(UserError, match="steps=9: the number of steps must be a mult"):
        music.build(music.Config(**SMALL | {"steps": 9}), spec)
