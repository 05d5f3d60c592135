"""Penalties against critics whose gradients are known."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from kgan.errors import UserError
from kgan.models import GAN
from kgan.networks import dcgan, mlp
from kgan.penalties import DRAGAN, R1, R2, WGANGP, LeCam, R1Approximate, R2Approximate
from kgan.schedules import Schedule
from tests.critics import FAKE, REAL, SEED, linear, quadratic

EVERY = [WGANGP, DRAGAN, R1, R2]


@pytest.mark.parametrize(
    ("penalty", "expected"),
    [
        (WGANGP(10.0), 10 * (5 - 1) ** 2),
        (DRAGAN(10.0), 10 * (5 - 1) ** 2),
        (R1(10.0), 10 / 2 * 25),
        (R2(2.0), 2 / 2 * 25),
    ],
)
def test_linear_critic(penalty, expected):
    np.testing.assert_allclose(
        penalty(linear, REAL, FAKE, SEED), [expected] * 3, rtol=1e-5
    )


def test_dragan_takes_the_deviation_of_the_whole_batch():
    real = tf.constant(np.random.default_rng(0).normal(2.0, 3.0, (500, 4)), tf.float32)
    apart = DRAGAN().place(real, real, SEED).numpy() - real.numpy()
    assert apart.min() >= 0
    largest = 0.5 * real.numpy().std()
    assert 0.9 * largest < apart.max() < largest


def test_r1_is_on_real_and_r2_on_generated_data():
    np.testing.assert_allclose(R1(2.0)(quadratic, REAL, FAKE, SEED), [1, 4, 25])
    np.testing.assert_allclose(R2(2.0)(quadratic, REAL, FAKE, SEED), [9, 1, 0])


def test_wgan_gp_is_on_the_line_between():
    """One share e per example, not one per pixel nor one per batch."""
    n = 200
    real, fake = tf.ones((n, 2, 2, 1)), -tf.ones((n, 2, 2, 1))
    x = WGANGP().place(real, fake, SEED).numpy().reshape(n, 4)
    assert (np.ptp(x, axis=1) == 0).all()
    assert len(np.unique(x[:, 0])) > n / 2
    assert -1 <= x.min() < -0.9 and 0.9 < x.max() <= 1
    assert abs(x.mean()) < 0.15
    other = WGANGP().place(real, fake, tf.constant([0, 2]))
    assert not np.array_equal(x, other.numpy().reshape(n, 4))


def test_wgan_gp_of_the_quadratic_critic():
    x = WGANGP().place(REAL, FAKE, SEED)
    expected = 10 * (np.linalg.norm(x, axis=1) - 1) ** 2
    np.testing.assert_allclose(
        WGANGP()(quadratic, REAL, FAKE, SEED), expected, rtol=1e-4
    )


def test_dragan_is_around_real_data():
    """x + d with 0 <= d <= half the deviation; the generated data do not matter."""
    real = tf.random.stateless_normal((500, 4), SEED)
    shift = (DRAGAN().place(real, None, SEED) - real).numpy()
    half = 0.5 * float(tf.math.reduce_std(real))
    assert shift.min() >= -1e-6 and shift.max() <= half + 1e-6
    assert shift.mean() == pytest.approx(half / 4, rel=0.15)
    assert (np.ptp(shift, axis=1) > 0).all()


@pytest.mark.parametrize("kind", EVERY)
def test_one_value_per_example(kind):
    real, fake = tf.random.normal((2, 6, 4, 4, 1))

    def discriminator(x):
        return tf.reduce_sum(x, axis=(1, 2, 3))

    value = kind()(discriminator, real, fake, SEED)
    assert value.shape == (6,) and value.dtype == tf.float32


@pytest.mark.parametrize("kind", EVERY)
def test_weight_and_interval_scale_it(kind):
    once = kind(1.0)(quadratic, REAL, FAKE, SEED)
    scaled = kind(2.0, interval=4)(quadratic, REAL, FAKE, SEED)
    np.testing.assert_allclose(scaled, 8 * once, rtol=1e-6)


@pytest.mark.parametrize("kind", [WGANGP, DRAGAN])
def test_a_flat_critic_has_a_finite_slope(kind):
    """|gradient| has no derivative at 0, where a dead critic begins."""
    weight = tf.Variable([0.0, 0.0])
    with tf.GradientTape() as tape:
        value = kind()(lambda x: tf.reduce_sum(weight * x, -1), REAL, FAKE, SEED)
    assert np.isfinite(tape.gradient(value, weight)).all()


@pytest.mark.parametrize("kind", EVERY)
def test_it_teaches_the_critic(kind):
    """d/da of R1 with slope a is weight * a: the second derivative is there."""
    weight = tf.Variable([3.0, 4.0])
    with tf.GradientTape() as tape:
        penalty = kind(10.0)(lambda x: tf.reduce_sum(weight * x, -1), REAL, FAKE, SEED)
        value = tf.reduce_mean(penalty)
    # w (|a| - 1)^2 falls along a by 2 w (|a| - 1) a / |a|.
    one_centred = kind in (WGANGP, DRAGAN)
    expected = [80 * 0.6, 80 * 0.8] if one_centred else [30, 40]
    np.testing.assert_allclose(tape.gradient(value, weight), expected, rtol=1e-4)


def discriminator(norm=None, **options):
    image = keras.Input((2,))
    x = layers.Dense(4, **options)(image)
    return keras.Model(image, layers.Dense(1, dtype="float32")(norm(x) if norm else x))


@pytest.mark.parametrize("kind", EVERY)
def test_it_says_what_discriminator_it_needs(kind):
    kind().check(discriminator())
    kind().check(discriminator(layers.LayerNormalization()))
    with pytest.raises(UserError, match=f"penalty={kind.name}: .*batch norm"):
        kind().check(discriminator(layers.BatchNormalization()))
    with pytest.raises(UserError, match=f"penalty={kind.name}: .*float16"):
        kind().check(discriminator(dtype="mixed_float16"))
    networks = discriminator(), discriminator(layers.BatchNormalization())
    with pytest.raises(UserError, match="batch norm"):
        GAN(*networks, penalties=[kind()])


@pytest.mark.parametrize("kind", EVERY)
def test_config_rebuilds_it(kind):
    given = {"weight": 3.0, "interval": 4}
    assert kind.from_config(given).get_config() == kind(3.0, 4).get_config() == given


def test_a_scheduled_weight():
    """gamma falls from 2 to 1: at the middle it is 1.5."""
    penalty = R1(Schedule(2.0, 1.0, 10))
    found = [float(penalty(linear, REAL, FAKE, SEED, n)[0]) for n in (0, 5, 10)]
    assert found == pytest.approx([25.0, 0.75 * 25, 12.5])
    again = R1.from_config(penalty.get_config())
    assert float(again(linear, REAL, FAKE, SEED, 5)[0]) == pytest.approx(found[1])


def test_lecam_by_hand():
    """The averages are those of the first ascent, 2 for real data and -1 for fakes."""
    penalty = LeCam(weight=0.5, decay=0.75, warm=1)
    first = penalty(tf.constant([1.0, 3.0]), tf.constant([-2.0, 0.0]))
    assert not np.any(first)  # only the averages are taken
    found = penalty(tf.constant([1.0, -2.0]), tf.constant([0.0, 4.0]))
    # Real 1 is 2 above -1, and -2 below it; fake 0 is 2 below 2, and 4 above it.
    np.testing.assert_allclose(found, [0.5 * (4 + 4), 0.0], rtol=1e-6)
    # The average of real scores: (.75 * .25 * 2 + .25 * -.5) / (.75 * .25 + .25).
    sums = penalty.sums.numpy()
    assert sums[0] / sums[2] == pytest.approx((0.375 - 0.125) / 0.4375)
    assert sums[3] == 2
    again = LeCam.from_config(penalty.get_config())
    assert (again.weight, again.decay, again.warm, again.name) == (
        0.5,
        0.75,
        1,
        "lecam",
    )


@pytest.mark.parametrize(
    ("kind", "expected"), [(R1Approximate, [1, 4, 25]), (R2Approximate, [9, 1, 0])]
)
def test_approximations_have_the_mean_of_r1_and_r2(kind, expected):
    """Of many draws; for a linear critic a draw is 10 / 2 * 25 times a squared normal."""
    real, fake = (tf.repeat(x, 5000, 0) for x in (REAL, FAKE))
    draws = np.reshape(kind(2.0)(quadratic, real, fake, SEED), (3, 5000))
    np.testing.assert_allclose(draws.mean(1), expected, rtol=0.1, atol=0.01)
    one = kind(10.0)(linear, REAL, FAKE, SEED)
    assert one.shape == (3,) and len(set(np.asarray(one).tolist())) == 3


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (lambda: mlp.discriminator((8, 8, 1), width=4), "dropout"),
        (lambda: dcgan.discriminator((8, 8, 1), width=4), "batch norm"),
        (
            lambda: dcgan.discriminator((8, 8, 1), width=4, norm="none", spectral=True),
            "spectral norm",
        ),
    ],
)
def test_approximations_need_answers_that_can_be_compared(network, words):
    with pytest.raises(UserError, match=f"penalty=r1_approximate.*{words}"):
        R1Approximate().check(network())


def test_approximations_are_refused_in_half_precision(policy):
    policy("mixed_bfloat16")
    with pytest.raises(UserError, match="half precision"):
        R1Approximate().check(dcgan.discriminator((8, 8, 1), width=4, norm="none"))
