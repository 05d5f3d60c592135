"""InceptionV3 trained on ImageNet, whose features the FID of the literature uses."""

import os
import threading
import urllib.request
from pathlib import Path

import keras
import numpy as np

from kgan.errors import UserError
from kgan.metrics.classifier_cache import digest
from kgan.metrics.features import Features

SIDE = 299
ADDRESS = (
    "https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/"
    "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
)
SECONDS = 10


class InceptionFeatures(Features):
    """Average-pooled last activations of Keras' InceptionV3, float32 (N, 2048).

    The first FID code used a network with other weights: a score can be compared with
    published ones only in its order of magnitude, and exactly with ours of the same
    digest. The weights, 88 MB, are downloaded once and kept where Keras keeps its own.
    Raises UserError, after some seconds, where they cannot be downloaded.
    """

    name = "inception"
    resizing = f"bilinear, antialiased, to {SIDE}x{SIDE}; grey as 3 equal channels"
    batch_size = 50

    def __init__(self) -> None:
        self._model = _network()
        weights = self._model.get_weights()
        # No config: the layers' names count what the process has built before.
        self.digest = digest("InceptionV3, pooling avg", *weights, self.resizing)

    def extract(self, images: np.ndarray) -> np.ndarray:
        if len(images) == 0:  # TensorFlow's convolution loses the width of no images.
            return np.zeros((0, *self._model.output_shape[1:]), np.float32)
        colour = np.broadcast_to(images, (*images.shape[:3], 3)).astype(np.float32)
        resized = keras.ops.image.resize(
            colour, (SIDE, SIDE), interpolation="bilinear", antialias=True
        )
        scaled = keras.applications.inception_v3.preprocess_input(resized)
        return keras.ops.convert_to_numpy(self._model(scaled, training=False))


def _network() -> keras.Model:
    """InceptionV3 without its top, in float32 whatever the process trains in."""
    trouble = "" if _kept() else _trouble(ADDRESS)
    if trouble:
        raise _unavailable(trouble)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        return keras.applications.InceptionV3(
            include_top=False,
            weights="imagenet",
            pooling="avg",
            input_shape=(SIDE, SIDE, 3),
        )
    except Exception as error:  # Keras raises no narrower one for a failed download.
        raise _unavailable(str(error) or type(error).__name__) from error
    finally:
        keras.config.set_dtype_policy(policy)


def _kept() -> bool:
    """Whether Keras has the weights on this machine."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return (Path(home) / "models" / ADDRESS.rpartition("/")[2]).exists()


def _trouble(address: str) -> str:
    """Why `address` does not answer, asked once and for SECONDS at most, or ""."""
    trouble = [f"no answer within {SECONDS} s"]

    def send_request():
        request = urllib.request.Request(address, method="HEAD")
        try:
            urllib.request.urlopen(request, timeout=SECONDS).close()
            trouble[0] = ""
        except OSError as error:
            cause = getattr(error, "reason", error)
            if not isinstance(cause, TimeoutError):
                trouble[0] = str(error)

    # Left behind when late: a time limit of urllib's holds for each of a host's
    # addresses, and not for finding them.
    thread = threading.Thread(target=send_request, daemon=True)
    thread.start()
    thread.join(SECONDS)
    return trouble[0]


def _unavailable(reason: str) -> UserError:
    """The one line to raise, on whatever number of lines the reason came."""
    return UserError(
        "inception",
        f"the weights of InceptionV3 cannot be had ({' '.join(reason.split())})",
        "use the data set's own classifier, or connect to the network once",
        exit_code=1,
    )
