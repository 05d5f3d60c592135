"""Each private name of Keras and TensorFlow that is used exists, and stands in one module."""

import ast
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan import keras_private

KGAN = Path(keras_private.__file__).parent


@pytest.fixture
def optimizer():
    optimizer = keras.optimizers.Adam(0.25)
    optimizer.build([keras.Variable(np.zeros(2)), keras.Variable(np.zeros((3, 4)))])
    return optimizer


def test_flatten_layers():
    inner = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, name="inner")])
    outer = keras.Sequential([inner, keras.layers.Dense(1, name="outer")])
    found = list(keras_private.layers_within(outer))
    assert {"inner", "outer"} <= {layer.name for layer in found}
    assert outer not in found


def test_learning_rate(optimizer):
    rate = keras_private.rate_of(optimizer)
    assert isinstance(rate, keras.Variable) and float(rate) == 0.25
    decay = keras.optimizers.schedules.CosineDecay(1.0, 10)
    assert keras_private.rate_of(keras.optimizers.SGD(decay)) is decay


def test_momentums_velocities_and_get_variable_index():
    weights = [keras.Variable(np.zeros(2)), keras.Variable(np.zeros((3, 4)))]
    optimizer = keras.optimizers.Adam(0.25, 0.5, 0.75)
    optimizer.build(weights)
    optimizer.apply([np.ones(2), np.full((3, 4), 2.0)])
    first, second = keras_private.moments_of(optimizer, weights[1])
    np.testing.assert_allclose(first, np.full((3, 4), (1 - 0.5) * 2))
    np.testing.assert_allclose(second, np.full((3, 4), (1 - 0.75) * 4))


def test_graph_or_parents_in_xla_context():
    told = []

    def note(x):
        told.append(keras_private.in_xla())
        return x

    for jit in (False, True):
        tf.function(note, jit_compile=jit)(tf.zeros(1))
    assert told == [False, True] and not keras_private.in_xla()


def private(names):
    return {name for name in names if name[0] == "_" and name[:2] != "__"}


def test_one_module_uses_them():
    """A private attribute that no module of kgan sets or defines is somebody else's."""
    read, owned = {}, {"_replace", "_exit"}  # of named tuples, and of os
    for path in KGAN.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                owned.add(node.name)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                owned.add(node.id)  # of a class
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                owned.add(node.attr)
            if isinstance(node, ast.Attribute):
                name = path.relative_to(KGAN).as_posix()
                read.setdefault(name, set()).add(node.attr)
    foreign = {file: private(names) - owned for file, names in read.items()}
    assert foreign.pop("keras_private.py") == {
        "_flatten_layers",
        "_get_variable_index",
        "_learning_rate",
        "_momentums",
        "_velocities",
    }
    assert not {file: names for file, names in foreign.items() if names}
