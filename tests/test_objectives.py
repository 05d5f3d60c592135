"""Every objective against numbers worked out by hand."""

import math

import numpy as np
import pytest
import tensorflow as tf

from kgan.objectives import (
    Hinge,
    LeastSquares,
    Minimax,
    NonSaturating,
    Relativistic,
    Wasserstein,
)

EVERY = [Minimax, NonSaturating, LeastSquares, Wasserstein, Hinge, Relativistic]
LN2, LN3, LN4, LN5 = (math.log(n) for n in (2, 3, 4, 5))

# score of x, score of G(z), then V, D's loss and G's. A logit of log 3 is
# D = 3/4, one of -log 4 is D = 1/5.
BY_HAND = [
    (Minimax, 0.0, 0.0, -LN4, LN4, -LN2),
    (Minimax, LN3, -LN4, math.log(3 / 5), -math.log(3 / 5), math.log(4 / 5)),
    (NonSaturating, 0.0, 0.0, -LN4, LN4, LN2),
    (NonSaturating, LN3, -LN4, math.log(3 / 5), -math.log(3 / 5), LN5),
    (LeastSquares, 0.5, 0.5, -0.25, 0.25, 0.125),
    (LeastSquares, 3.0, -1.0, -2.5, 2.5, 2.0),
    (Wasserstein, 2.0, -1.5, 3.5, -3.5, 1.5),
    (Hinge, 0.0, 0.0, -2.0, 2.0, 0.0),
    (Hinge, 5.0, -5.0, 0.0, 0.0, 5.0),
    (Hinge, -1.0, 2.0, -5.0, 5.0, -2.0),
    (Relativistic, 1.0, 1.0, -LN2, LN2, LN2),
    (Relativistic, LN3, 0.0, math.log(3 / 4), -math.log(3 / 4), LN4),
]


def tensors(*values):
    return [tf.constant([value], tf.float32) for value in values]


@pytest.mark.parametrize(("kind", "real", "fake", "value", "d", "g"), BY_HAND)
def test_losses_by_hand(kind, real, fake, value, d, g):
    objective = kind()
    real, fake = tensors(real, fake)
    found = [
        objective.value(real, fake),
        objective.discriminator(real, fake),
        objective.generator(real if objective.relative else None, fake),
    ]
    np.testing.assert_allclose(np.ravel(found), [value, d, g], atol=1e-6)


# The scores at which the players have nothing left to gain.
@pytest.mark.parametrize(
    ("kind", "score"),
    [(kind, 0.5 if kind is LeastSquares else 0.0) for kind in EVERY],
)
def test_equilibrium_is_v_where_the_data_agree(kind, score):
    objective = kind()
    real, fake = tensors(score, score)
    found = objective.value(real, fake)
    np.testing.assert_allclose(found, [objective.equilibrium], atol=1e-6)
    for step in (-0.3, 0.3):  # no common score of real and fake gains D anything
        moved = objective.value(real + step, fake + step)
        assert moved <= found + 1e-6


@pytest.mark.parametrize("kind", [Minimax, NonSaturating])
def test_smoothing_is_a_softer_target(kind):
    """-(1 - s) log D(x) - s log(1 - D(x)) - log(1 - D(G(z))), with s = 0.1."""
    real, fake = tensors(LN3, -LN4)
    found = kind(smoothing=0.1).discriminator(real, fake)
    expected = -0.9 * math.log(3 / 4) - 0.1 * math.log(1 / 4) - math.log(4 / 5)
    np.testing.assert_allclose(found, [expected], atol=1e-6)


def test_smoothed_least_squares():
    real, fake = tensors(3.0, -1.0)
    found = LeastSquares(smoothing=0.1).discriminator(real, fake)
    np.testing.assert_allclose(found, [0.5 * 2.1**2 + 0.5], atol=1e-6)


@pytest.mark.parametrize("kind", [Minimax, NonSaturating, LeastSquares])
def test_smoothing_touches_d_alone(kind):
    real, fake = tensors(3.0, -1.0)
    smooth, plain = kind(smoothing=0.1), kind()
    assert smooth.value(real, fake) == plain.value(real, fake)
    assert smooth.generator(None, fake) == plain.generator(None, fake)


@pytest.mark.parametrize(
    ("kind", "readings"),
    [
        (Minimax, {"D(x)": 0.75, "D(G(z))": 0.2}),
        (NonSaturating, {"D(x)": 0.75, "D(G(z))": 0.2}),
        (LeastSquares, {"D(x)": LN3, "D(G(z))": -LN4}),
        (Wasserstein, {"critic(x)": LN3, "critic(G(z))": -LN4}),
        (Hinge, {"critic(x)": LN3, "critic(G(z))": -LN4}),
        (Relativistic, {"D(x)": 12 / 13, "D(G(z))": 1 / 13}),
    ],
)
def test_readings_by_hand(kind, readings):
    objective = kind()
    real, fake = tensors(LN3, -LN4)
    found = objective.diagnostics(real, fake)
    assert tuple(found) == objective.readings
    assert found.pop("V(D,G)") == objective.value(real, fake)
    assert {name: float(v[0]) for name, v in found.items()} == pytest.approx(readings)


@pytest.mark.parametrize("kind", EVERY)
def test_one_value_per_score(kind):
    """A patch discriminator's scores stay apart."""
    objective = kind()
    real, fake = tf.random.normal((2, 3, 4, 5))
    for value in (
        objective.value(real, fake),
        objective.discriminator(real, fake),
        objective.generator(real, fake),
        *objective.diagnostics(real, fake).values(),
    ):
        assert value.shape == (3, 4, 5)


@pytest.mark.parametrize("kind", EVERY)
def test_large_scores_stay_finite(kind):
    """log(sigmoid(x)) written naively would be -inf at these scores."""
    objective = kind()
    for real, fake in (-300.0, 300.0), (300.0, -300.0):
        real, fake = tensors(real, fake)
        values = objective.discriminator(real, fake), objective.generator(real, fake)
        assert np.isfinite(values).all()


@pytest.mark.parametrize("kind", EVERY)
def test_config_rebuilds_it(kind):
    given = {"smoothing": 0.2} if kind in (Minimax, NonSaturating, LeastSquares) else {}
    objective = kind(**given)
    assert objective.get_config() == given
    assert type(kind.from_config(given)) is kind


@pytest.mark.parametrize(
    "kind, told",
    [
        (NonSaturating, ([1, 1], [0, 1])),
        (LeastSquares, ([1, 0], [0, 1])),
        (Hinge, ([1, 1], [0, 1])),
        (Relativistic, ([1, 1], [1, 1])),
        (Wasserstein, ()),
    ],
)
def test_where_d_is_right(kind, told):
    """Of two real scores and two fakes: relativistic compares them pair by pair."""
    objective, real, fake = kind(), tf.constant([2.0, 0.1]), tf.constant([1.0, 0.0])
    found = objective.accuracy(real, fake)
    assert tuple(found) == objective.accuracies
    assert [v.numpy().astype(int).tolist() for v in found.values()] == list(told)
