"""The classifier to defend: one of the run's data, or an exported one of the user's."""

import os
from typing import Any

import tensorflow as tf

from kgan.applications.attacks import Logits, logits_of
from kgan.applications.classifiers import classifier_of
from kgan.data import Dataset
from kgan.errors import UserError
from kgan.typing import Log, PathLike, Tensor

PIXELS = (0.0, 1.0)  # what most networks take for black and white
OF_KERAS = (".keras", ".h5", ".hdf5")
EXPORT = "`model.export(FOLDER)` in Keras makes one"


def resolved(
    classifier: Any,
    shape: tuple[int, ...],
    data: Dataset | None,
    *,
    classes: int = 0,
    pixels: tuple[float, float] = PIXELS,
    cache: PathLike | None = None,
    log: Log = print,
) -> Logits:
    """Returns the logits of the classifier that a user names, for images in [0, 1].

    Args:
        classifier: the folder of a SavedModel; a network that gives logits, called with
            images and `training=False`; or None for one of the run's data.
        shape: (H, W, C) of the images.
        data: of the run, if they are at hand.
        classes: how many a SavedModel shall know; 0 for any from 2.
        pixels: the two values that the classifier takes for black and white.
        cache: folder for trained classifiers, or None.
        log: called with a line about the classifier.

    Raises:
        UserError: it is none, or takes other images, or knows other classes.
    """
    if isinstance(classifier, str | os.PathLike):
        return of_saved_model(
            classifier, shape, classes=classes, pixels=pixels, log=log
        )
    if classifier is not None:
        return logits_of(classifier, pixels)
    assert data is not None, "the data of the run are needed"
    return of_run(data, cache=cache, log=log)


def of_run(data: Dataset, *, cache: PathLike | None = None, log: Log = print) -> Logits:
    """Trains a classifier of the data of a run, or loads it from the folder `cache`.

    Returns:
        A function from images in [0, 1] to logits (n, K).

    Raises:
        UserError: the data have no labels that can be learned.
    """
    found = classifier_of(data, data.held_out, cache=cache, log=log)
    if found is None:
        raise UserError(
            "classifier",
            "no classifier can be trained on the data of the run, which have no labels "
            "or a size that it does not take",
            "name an exported one",
        )
    return logits_of(found.model, (0, 255))


def of_saved_model(
    path: PathLike,
    shape: tuple[int, ...],
    *,
    classes: int = 0,
    pixels: tuple[float, float] = PIXELS,
    log: Log = print,
) -> Logits:
    """Loads a classifier that was exported as a SavedModel.

    A SavedModel is a program: loading it runs it. Of one that gives probabilities the
    logarithm is taken, in which a gradient is lost where they reach 0 and 1.

    Args:
        path: its folder. Its serving signature takes one tensor of images, and returns
            one of logits or probabilities (n, K).
        shape: (H, W, C) of the images that it shall take.
        classes: the K that it shall have; 0 for any from 2.
        pixels: the two values that it takes for black and white.
        log: called with a line if it gives probabilities.

    Returns:
        A function from images in [0, 1] to logits (n, K).

    Raises:
        UserError: there is no such SavedModel, or its images or classes are others.
    """
    signature = _signature(path)
    (name, given), width = _given(path, signature), _width(path, signature)
    _check_images(path, given, shape, pixels)
    if classes and width != classes:
        raise UserError(
            f"classifier={path}",
            f"knows {width} classes, and the data of the run have {classes}",
        )

    def network(x: Tensor, training: bool = False) -> Tensor:
        # A graph that was exported knows no training.
        (found,) = signature(**{name: tf.cast(x, given.dtype)}).values()
        return tf.cast(found, tf.float32)

    logits = logits_of(network, pixels)
    if not _probabilities(logits, shape):
        return logits
    log(f"{path}: gives probabilities; attacks may look weaker than they are")
    return lambda x: tf.math.log(tf.maximum(logits(x), 1e-30))


def _check_images(path, given, shape, pixels):
    """Raises UserError unless a network takes any number of images of this shape."""
    if given.dtype.is_integer and max(pixels) <= 1:
        raise UserError(
            f"classifier={path}",
            f"takes whole numbers ({given.dtype.name})",
            "say which are black and white, such as `pixels=0,255`",
        )
    if given.shape[0] is not None:
        raise UserError(
            f"classifier={path}",
            f"takes {given.shape[0]} images at a time",
            "export it for any number of them: the first side of its shape is None",
        )
    wanted = tf.TensorShape([None, *shape])
    if not given.shape.is_compatible_with(wanted):
        told = "x".join(str(n or "?") for n in given.shape[1:])
        asked = "x".join(map(str, shape))
        raise UserError(
            f"classifier={path}", f"takes images {told}, and the run makes {asked}"
        )


def _signature(path) -> Any:
    if str(path).endswith(OF_KERAS):
        raise UserError(
            f"classifier={path}",
            "a file of Keras can hold programs, and is not loaded",
            f"give the folder of a SavedModel: {EXPORT}",
        )
    try:
        model = tf.saved_model.load(os.path.expanduser(path))
    except (OSError, ValueError, tf.errors.OpError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(
            f"classifier={path}", f"no SavedModel ({reason})", EXPORT
        ) from error
    found = model.signatures.get("serving_default")
    if found is None:
        raise UserError(f"classifier={path}", "has no serving signature", EXPORT)
    found.of = model  # lives as long as its signature
    return found


def _given(path, signature):
    """The name and the type of the one tensor of images that a signature takes."""
    given = list(signature.structured_input_signature[1].items())
    if len(given) != 1 or given[0][1].shape.rank != 4:
        raise UserError(f"classifier={path}", "must take one tensor of images")
    return given[0]


def _width(path, signature):
    """The number of classes that a signature gives."""
    shapes = [one.shape for one in signature.structured_outputs.values()]
    if len(shapes) != 1 or shapes[0].rank != 2 or (shapes[0][1] or 0) < 2:
        raise UserError(
            f"classifier={path}", "must give one tensor (n, classes), of 2 or more"
        )
    return shapes[0][1]


def _probabilities(logits, shape):
    """Whether a network gives probabilities, of noise and of black."""
    x = tf.stack([tf.zeros(shape), tf.random.stateless_uniform(shape, (0, 0))])
    found = logits(x)
    whole = abs(tf.reduce_sum(found, -1) - 1)
    return bool(tf.reduce_min(found) >= 0 and tf.reduce_max(whole) < 1e-3)
