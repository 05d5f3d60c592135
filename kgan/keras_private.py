"""All private names of Keras and TensorFlow that this package uses.

A test holds each against what is installed, so that an upgrade that drops one is named.
"""

from collections.abc import Iterable
from typing import Any

import keras
import tensorflow as tf
from tensorflow.python.ops import control_flow_util


def in_xla() -> bool:
    """Whether a function is being traced that XLA will compile."""
    graph = tf.compat.v1.get_default_graph()
    return control_flow_util.GraphOrParentsInXlaContext(graph)


def layers_within(model: "keras.Model") -> Iterable["keras.Layer"]:
    """All layers of a model, and the layers inside of those, without the model."""
    return model._flatten_layers(include_self=False)


def rate_of(optimizer: "keras.Optimizer") -> Any:
    """What sets an optimizer's rate: a variable, a schedule or a function.

    `optimizer.learning_rate` is the present value where a schedule sets it.
    """
    return optimizer._learning_rate


def moments_of(
    adam: "keras.optimizers.Adam", variable: "keras.Variable"
) -> tuple["keras.Variable", "keras.Variable"]:
    """The variables in which an Adam keeps the two moments of a weight's gradient."""
    index = adam._get_variable_index(variable)
    return adam._momentums[index], adam._velocities[index]
