"""Adam in one operation is Keras' Adam."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.optimizers import Adam

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
