"""Running means under names, in one variable."""

import math

import pytest
import tensorflow as tf

from kgan.running_means import RunningMeans


def test_means_of_all_values_whatever_their_shape():
    running_means = RunningMeans(["a", "b", "c"])
    running_means.add("a", tf.constant([[1.0, 2.0], [3.0, 6.0]]))
    running_means.add("a", 8.0)
    running_means.add("b", tf.constant([1, 2], tf.int32))
    means = {name: float(mean) for name, mean in running_means.result().items()}
    assert means == {"a": 4.0, "b": 1.5, "c": 0.0}
    assert running_means.read() == {"a": (20.0, 5.0), "b": (3.0, 2.0), "c": (0.0, 0.0)}
    assert running_means.columns()["b"].numpy().tolist() == [3.0, 2.0]


def test_what_is_not_finite_stays_in_its_own_mean():
    running_means = RunningMeans(["a", "b"])
    running_means.add("a", math.nan)
    running_means.add("b", math.inf)
    running_means.add("b", 1.0)
    assert math.isnan(running_means.read()["a"][0]) and running_means.read()["b"] == (
        math.inf,
        2,
    )
    running_means.reset_state()
    assert set(running_means.read().values()) == {(0.0, 0.0)}


def test_written_once_is_the_same_in_one_operation():
    running_means = RunningMeans(["a", "b"])

    @tf.function(input_signature=[tf.TensorSpec([None])])
    def step(values):
        with running_means.written_once():
            for _ in range(3):
                running_means.add("a", values)
            running_means.add("b", values[0])

    step(tf.constant([1.0, 2.0]))
    step(tf.constant([5.0]))
    assert running_means.read() == {"a": (24.0, 9.0), "b": (6.0, 2.0)}
    operations = step.get_concrete_function().graph.get_operations()
    assert [one.type for one in operations].count("AssignVariableOp") == 1
    # TensorFlow may change the order of a chain of these, and with it the last bit.
    added = [one for one in operations if one.type in ("AddV2", "AddN")]
    assert not [one for one in added if one.outputs[0].shape.rank == 0]


def test_a_step_that_fails_leaves_nothing_behind():
    running_means = RunningMeans(["a"])
    with pytest.raises(RuntimeError), running_means.written_once():
        running_means.add("a", 5.0)
        raise RuntimeError
    assert running_means.read() == {"a": (0.0, 0.0)}
    running_means.add("a", 2.0)
    assert running_means.read() == {"a": (2.0, 1.0)}
