"""A generator whose pictures show their latents, and so can be inverted."""

import keras
import tensorflow as tf

SHAPE = (8, 8, 1)


@keras.saving.register_keras_serializable("tests")
class Painter(keras.layers.Layer):
    """Paints z, four numbers, into the quarters of a picture, brighter by a label."""

    def call(self, inputs):
        z, label = inputs["z"], inputs.get("label")
        x = tf.reshape(tf.tanh(z / 2), (-1, 2, 2, 1))
        x = tf.repeat(tf.repeat(x, 4, 1), 4, 2)
        if label is None:
            return x
        stripes = tf.constant([[-0.3, 0.3] * 4, [0.3, 0.3, -0.3, -0.3] * 2])
        return 0.7 * x + tf.gather(stripes, label)[:, None, :, None]


def painter(labelled):
    inputs = {"z": keras.Input((4,), name="z")}
    if labelled:
        inputs["label"] = keras.Input((), dtype="int32", name="label")
    return keras.Model(inputs, Painter()(inputs))
