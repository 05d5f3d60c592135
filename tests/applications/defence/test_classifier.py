"""Classifiers of the user: an exported one is asked, attacked, and checked."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.applications import attacks, defence
from kgan.errors import UserError

SHAPE = (6, 6, 1)


def network(last="linear", classes=3):
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Flatten(), keras.layers.Dense(classes, last)]
    return keras.Sequential([keras.Input(SHAPE), *layers])


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    for last in ("linear", "softmax"):
        network(last).export(folder / last, verbose=False)
    return folder


def test_an_export_answers_and_is_attacked_as_the_network_is(exported):
    x = tf.random.stateless_uniform((4, *SHAPE), (0, 1))
    label = tf.constant([0, 1, 2, 0])
    plain = attacks.logits_of(network(), (0, 255))
    told = []
    found = defence.of_saved_model(
        exported / "linear", SHAPE, classes=3, pixels=(0, 255), log=told.append
    )
    np.testing.assert_allclose(found(x), plain(x), rtol=1e-5)
    gradients = [attacks.loss_gradient(one)(x, label) for one in (found, plain)]
    np.testing.assert_allclose(*gradients, rtol=1e-4, atol=1e-6)
    assert not told


def test_of_probabilities_the_logarithm_is_taken(exported):
    x = tf.random.stateless_uniform((4, *SHAPE), (0, 1))
    told = []
    found = defence.of_saved_model(exported / "softmax", SHAPE, log=told.append)
    by_hand = tf.nn.log_softmax(network()(x))
    np.testing.assert_allclose(found(x), by_hand, atol=1e-5)
    assert "probabilities" in told[0]


def test_what_a_user_may_name(exported):
    x = tf.random.stateless_uniform((2, *SHAPE), (0, 1))
    by_hand = network()(2 * x - 1)
    for classifier in (network(), str(exported / "linear")):
        logits = defence.resolved(classifier, SHAPE, None, pixels=(-1, 1))
        np.testing.assert_allclose(logits(x), by_hand, rtol=1e-4, atol=1e-6)


def test_a_network_of_whole_numbers_has_no_gradient(tmp_path):
    image = keras.Input(SHAPE, dtype="uint8")
    inner = network()
    whole = keras.Model(image, inner(keras.ops.cast(image, "float32") / 255))
    whole.export(tmp_path / "bytes", verbose=False)
    with pytest.raises(UserError, match="takes whole numbers .uint8.; .*pixels=0,255"):
        defence.of_saved_model(tmp_path / "bytes", SHAPE)
    logits = defence.of_saved_model(tmp_path / "bytes", SHAPE, pixels=(0, 255))
    x = tf.random.stateless_uniform((4, *SHAPE), (0, 1))
    np.testing.assert_allclose(logits(x), inner(tf.floor(255 * x) / 255), rtol=1e-4)
    with pytest.raises(UserError, match="classifier: has no gradient"):
        attacks.loss_gradient(logits)(x, tf.constant([0, 1, 2, 0]))


def test_one_image_at_a_time_is_refused(tmp_path):
    whole = tf.Module()
    whole.inner = network()
    shape = tf.TensorSpec((1, *SHAPE), tf.float32, name="x")
    serving = tf.function(lambda x: {"logits": whole.inner(x)}, input_signature=[shape])
    tf.saved_model.save(whole, str(tmp_path), signatures=serving)
    with pytest.raises(UserError, match="takes 1 images at a time; export it for any"):
        defence.of_saved_model(tmp_path, SHAPE)


def test_what_is_refused(exported, tmp_path):
    linear = exported / "linear"
    with pytest.raises(UserError, match="takes images 6x6x1, and the run makes 8x8x1"):
        defence.of_saved_model(linear, (8, 8, 1))
    with pytest.raises(UserError, match="knows 3 classes, .* have 10"):
        defence.of_saved_model(linear, SHAPE, classes=10)
    with pytest.raises(UserError, match="no SavedModel"):
        defence.of_saved_model(tmp_path, SHAPE)
    with pytest.raises(UserError, match="file of Keras"):
        defence.of_saved_model(tmp_path / "net.keras", SHAPE)
    shapes = keras.Sequential([keras.Input((5,)), keras.layers.Dense(2)])
    shapes.export(tmp_path / "rows", verbose=False)
    with pytest.raises(UserError, match="one tensor of images"):
        defence.of_saved_model(tmp_path / "rows", SHAPE)
    network(classes=1).export(tmp_path / "one", verbose=False)
    with pytest.raises(UserError, match="of 2 or more"):
        defence.of_saved_model(tmp_path / "one", SHAPE)
