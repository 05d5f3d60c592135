"""Running means under names, in one variable."""

import math

import pytest
import tensorflow as tf

from kgan.tally import Tally


def test_means_of_all_values_whatever_their_shape():
    tally = Tally(["a", "b", "c"])
    tally.add("a", tf.constant([[1.0, 2.0], [3.0, 6.0]]))
    tally.add("a", 8.0)
    tally.add("b", tf.constant([1, 2], tf.int32))
    means = {name: float(mean) for name, mean in tally.result().items()}
    assert means == {"a": 4.0, "b": 1.5, "c": 0.0}
    assert tally.read() == {"a": (20.0, 5.0), "b": (3.0, 2.0), "c": (0.0, 0.0)}
    assert tally.columns()["b"].numpy().tolist() == [3.0, 2.0]


def test_what_is_not_finite_stays_in_its_own_mean():
    tally = Tally(["a", "b"])
    tally.add("a", math.nan)
    tally.add("b", math.inf)
    tally.add("b", 1.0)
    assert math.isnan(tally.read()["a"][0]) and tally.read()["b"] == (math.inf, 2)
    tally.reset_state()
    assert set(tally.read().values()) == {(0.0, 0.0)}


def test_written_once_is_the_same_in_one_operation():
    tally = Tally(["a", "b"])

    @tf.function(input_signature=[tf.TensorSpec([None])])
    def step(values):
        with tally.written_once():
            for _ in range(3):
                tally.add("a", values)
            tally.add("b", values[0])

    step(tf.constant([1.0, 2.0]))
    step(tf.constant([5.0]))
    assert tally.read() == {"a": (24.0, 9.0), "b": (6.0, 2.0)}
    operations = [
        one.type for one in step.get_concrete_function().graph.get_operations()
    ]
    assert operations.count("AssignVariableOp") == 1


def test_a_step_that_fails_leaves_nothing_behind():
    tally = Tally(["a"])
    with pytest.raises(RuntimeError), tally.written_once():
        tally.add("a", 5.0)
        raise RuntimeError
    assert tally.read() == {"a": (0.0, 0.0)}
    tally.add("a", 2.0)
    assert tally.read() == {"a": (2.0, 1.0)}
