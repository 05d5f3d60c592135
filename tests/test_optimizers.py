"""Adam in one operation is Keras' Adam."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.compiling import own
from kgan.optimizers import Adam
from kgan.schedules import Schedule

SHAPES = (3, 4), (4,), ()


def path(kind, jit=False, steps=5, **options):
    """The weights after some steps on the same gradients, and the optimizer."""
    rng = np.random.default_rng(0)
    weights = [keras.Variable(rng.normal(size=s).astype("f4")) for s in SHAPES]
    optimizer = kind(**options)
    optimizer.build(weights)

    @tf.function(jit_compile=jit)
    def step(*gradients):
        optimizer.apply(gradients, weights)

    for _ in range(steps):
        step(*(tf.constant(rng.normal(size=s), "float32") for s in SHAPES))
    return [w.numpy() for w in weights], optimizer


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize(
    "options",
    [
        {"learning_rate": 0.1},
        {"learning_rate": 0.1, "beta_1": 0.0, "beta_2": 0.9, "epsilon": 1e-3},
        {"learning_rate": keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)},
        {"learning_rate": 0.1, "clipnorm": 0.5, "weight_decay": 0.1},
        {"learning_rate": 0.1, "amsgrad": True},
        {"learning_rate": 0.1, "gradient_accumulation_steps": 2},
    ],
)
def test_weights_and_moments_are_those_of_keras(jit, options):
    found, mine = path(Adam, jit, **options)
    expected, keras_own = path(keras.optimizers.Adam, jit, **options)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    for one, other in zip(mine.variables, keras_own.variables, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_a_step_is_one_operation():
    weight = keras.Variable(np.ones(3, "f4"))
    optimizer = Adam()
    optimizer.build([weight])
    step = tf.function(lambda g: optimizer.apply([g], [weight]))
    graph = step.get_concrete_function(tf.TensorSpec((3,))).graph
    kinds = [op.type for op in graph.get_operations()]
    assert kinds.count("ResourceApplyAdam") == 1
    assert not [k for k in kinds if k.startswith("AssignSub")]


def test_it_is_saved_as_kgans_own():
    plain = keras.optimizers.serialize(Adam(0.1, 0.5))
    again = keras.optimizers.deserialize(plain)
    assert type(again) is Adam and again.beta_1 == 0.5


def test_a_scheduled_beta_2_by_hand():
    """The first step is the rate whatever beta_2; the second weighs by the second beta_2.

    Gradients 1 and 2, beta_1 0, beta_2 .5 and then .9: v = .5, then .9 * .5 + .1 * 4; the
    bias is corrected by 1 - .9^2.
    """
    weight = keras.Variable(np.zeros(1, "f4"))
    beta_2 = Schedule(0.5, 0.9, 1)
    optimizer = Adam(0.1, 0.0, beta_2, epsilon=0.0)
    optimizer.build([weight])
    optimizer.apply([tf.ones(1)], [weight])
    assert float(weight[0]) == pytest.approx(-0.1)
    optimizer.apply([2.0 * tf.ones(1)], [weight])
    second = 2.0 / (0.85 / (1 - 0.9**2)) ** 0.5
    assert float(weight[0]) == pytest.approx(-0.1 - 0.1 * second, rel=1e-5)
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    assert float(again.beta_2(1)) == pytest.approx(0.9)


def test_a_scheduled_beta_2_follows_the_games_iterations():
    """With two steps in an iteration it moves half as fast."""
    optimizer = Adam(0.1, 0.0, Schedule(0.5, 0.9, 4))
    made = own(
        optimizer, [keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])], 2
    )
    assert made.every == 2
    with pytest.raises(ValueError, match="amsgrad"):
        Adam(0.1, 0.0, Schedule(0.5, 0.9, 4), amsgrad=True)
