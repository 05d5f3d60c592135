"""The extractors: what they give, what their digests tell apart, what they refuse."""

import http.server
import socket
import threading
import time

import keras
import numpy as np
import pytest

from kgan.errors import UserError
from kgan.metrics import (
    ClassifierFeatures,
    InceptionFeatures,
    PixelFeatures,
    fit_classifier,
    inception,
)


def silent(line):
    """Says nothing."""


def test_classifier_features_are_those_of_the_classifier_in_every_batch(fitted, digits):
    extractor = ClassifierFeatures(fitted.classifier, "digits")
    extractor.batch_size = 100
    images = digits["test_pixels"]
    features = extractor(images)
    assert (extractor.name, features.shape) == ("digits", (360, 64))
    assert features.dtype == np.float32
    # To the last digits only: a batch of another size is summed in another order.
    expected = fitted.classifier.features(images)
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(
        extractor.probabilities(images),
        fitted.classifier.probabilities(images),
        atol=1e-5,
    )


def test_classifier_digest_is_of_the_weights_and_not_of_their_recipe(fitted):
    cached = fit_classifier(**fitted.options, log=silent)
    trained = ClassifierFeatures(fitted.classifier, "digits")
    assert ClassifierFeatures(cached, "digits").digest == trained.digest
    weights = cached.model.get_weights()
    weights[0].flat[0] += 1
    cached.model.set_weights(weights)
    assert cached.digest == fitted.classifier.digest
    assert ClassifierFeatures(cached, "digits").digest != trained.digest
    assert len(trained.digest) == 64


def test_classifier_refuses_images_of_another_shape(fitted):
    extractor = ClassifierFeatures(fitted.classifier, "digits")
    with pytest.raises(UserError, match="28x28x1.*'digits'.*8x8x1"):
        extractor(np.zeros((2, 28, 28, 1), np.uint8))
    with pytest.raises(UserError, match="28x28x1"):
        extractor.probabilities(np.zeros((2, 28, 28, 1), np.uint8))


def test_pixels_are_flattened_row_by_row_to_0_to_1():
    image = np.array([[[0], [51]], [[102], [255]]], np.uint8)
    features = PixelFeatures()(np.stack([image, 255 - image]))
    np.testing.assert_allclose(features, [[0, 0.2, 0.4, 1], [1, 0.8, 0.6, 0]])
    assert features.dtype == np.float32


def test_averaged_pixels_are_the_means_of_the_areas():
    images = np.random.default_rng(0).integers(0, 256, (3, 12, 18, 3), np.uint8)
    expected = images.reshape(3, 4, 3, 6, 3, 3).mean(axis=(2, 4)).reshape(3, -1) / 255
    averaged = PixelFeatures((4, 6))
    np.testing.assert_allclose(averaged(images), expected, atol=1e-6)
    assert averaged(images).dtype == np.float32 and averaged(images[:0]).shape == (
        0,
        72,
    )
    assert averaged.resizing == "averaged to 4x6"
    # An area that does not end between two pixels takes its share of them.
    ramp = np.arange(0, 50, 10, dtype=np.uint8).reshape(1, 1, 5, 1)
    np.testing.assert_allclose(PixelFeatures((1, 2))(ramp) * 255, [[8, 32]], rtol=1e-6)
    digests = {PixelFeatures(sides).digest for sides in (None, (4, 6), (6, 4))}
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("shape", "count", "sides"),
    [
        ((32, 32, 3), 1_000_000, None),  # as many numbers as a distance takes of any
        ((64, 64, 3), 768, None),
        ((64, 64, 3), 769, (32, 32)),
        ((128, 128, 3), 40, None),
        ((128, 128, 3), 10_000, (32, 32)),
        ((100, 133, 3), 1000, (25, 33)),
        ((1, 9216, 1), 10_000, (1, 3072)),
    ],
)
def test_pixels_of_many_large_images_are_averaged(shape, count, sides):
    assert PixelFeatures.fitting(shape, count).sides == sides


def test_no_images_give_no_features_of_the_right_width(fitted):
    none = np.zeros((0, 8, 8, 1), np.uint8)
    assert PixelFeatures()(none).shape == (0, 64)
    assert ClassifierFeatures(fitted.classifier, "digits")(none).shape == (0, 64)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 8, 8, 1), np.float32),
        np.zeros((2, 8, 8), np.uint8),
        np.zeros((2, 8, 8, 2), np.uint8),
    ],
)
def test_what_is_no_batch_of_images_is_refused(images):
    with pytest.raises(UserError, match="uint8"):
        PixelFeatures()(images)


@pytest.fixture
def means_for_inception(monkeypatch):
    """In place of InceptionV3 a network that averages the pixels it is given.

    To three digits: it adds up the 89,401 of them in float32.
    """

    def network(include_top, weights, pooling, input_shape):
        assert (include_top, weights, pooling) == (False, "imagenet", "avg")
        image = keras.Input(input_shape)
        return keras.Model(image, keras.layers.GlobalAveragePooling2D()(image))

    monkeypatch.setattr(keras.applications, "InceptionV3", network)
    monkeypatch.setattr(inception, "_kept", lambda: True)


def test_inception_gets_three_channels_of_299_in_minus_1_to_1(means_for_inception):
    extractor = InceptionFeatures()
    assert extractor.name == "inception"
    grey = np.stack([np.full((8, 8, 1), value, np.uint8) for value in (0, 255)])
    expected = [[-1, -1, -1], [1, 1, 1]]
    np.testing.assert_allclose(extractor(grey), expected, atol=1e-3)
    colour = np.zeros((1, 8, 8, 3), np.uint8)
    colour[..., 2] = 51
    np.testing.assert_allclose(extractor(colour), [[-1, -1, -0.6]], atol=1e-3)
    assert extractor(grey[:0]).shape == (0, 3)


def test_inception_stays_in_float32(means_for_inception, policy):
    policy("mixed_bfloat16")
    features = InceptionFeatures()(np.full((1, 8, 8, 1), 77, np.uint8))
    assert keras.config.dtype_policy().name == "mixed_bfloat16"
    assert features.dtype == np.float32
    np.testing.assert_allclose(features, 77 / 127.5 - 1, atol=1e-3)


def test_inception_digest_does_not_depend_on_what_was_built_before(means_for_inception):
    first = InceptionFeatures().digest
    keras.layers.GlobalAveragePooling2D()
    assert InceptionFeatures().digest == first


def refused():
    """The error that InceptionFeatures raises, checked for its form."""
    with pytest.raises(UserError) as caught:
        InceptionFeatures()
    assert caught.value.exit_code == 1
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_download_that_fails_is_one_clear_line(monkeypatch):
    def network(**options):
        raise RuntimeError("URL fetch failure\non http://nowhere")

    monkeypatch.setattr(keras.applications, "InceptionV3", network)
    monkeypatch.setattr(inception, "_kept", lambda: True)
    assert "(URL fetch failure on http://nowhere)" in refused()


def test_a_server_that_never_answers_is_given_up_soon(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(inception, "_kept", lambda: False)
    monkeypatch.setattr(inception, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent_server:
        port = silent_server.getsockname()[1]
        monkeypatch.setattr(inception, "ADDRESS", f"http://127.0.0.1:{port}/")
        start = time.monotonic()
        assert "no answer within 0.2 s" in refused()
    assert time.monotonic() - start < 5


def test_a_network_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(inception, "_kept", lambda: False)
    with socket.create_server(("127.0.0.1", 0)) as closed_server:
        port = closed_server.getsockname()[1]
    monkeypatch.setattr(inception, "ADDRESS", f"http://127.0.0.1:{port}/")
    assert "refused" in refused()


def test_a_server_that_answers_is_asked_for_the_weights(
    monkeypatch, means_for_inception
):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """Says nothing."""

    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(inception, "_kept", lambda: False)
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        monkeypatch.setattr(inception, "ADDRESS", address)
        assert InceptionFeatures().name == "inception"


def test_weights_are_looked_for_where_keras_keeps_them(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert not inception._kept()
    (tmp_path / "models").mkdir()
    name = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
    (tmp_path / "models" / name).touch()
    assert inception._kept()
