"""AutoAttack: several attacks of another project, of which the worst counts."""

import contextlib
import importlib
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from kgan.applications.attacks.gradient import Logits
from kgan.errors import UserError

STEPS, QUERIES = 100, 1000  # of each gradient attack; of the one without gradients
ROWS = 100  # images that are attacked together


def autoattack(
    logits: Logits,
    x: np.ndarray,
    label: np.ndarray,
    epsilon: float,
    *,
    seed: int = 0,
    steps: int = STEPS,
    queries: int = QUERIES,
) -> np.ndarray:
    """Returns what AutoAttack (Croce 2020) makes of images, float32 (n, H, W, C).

    Three attacks of the Adversarial Robustness Toolbox go one after the other to what is
    still named right: APGD on the cross-entropy, APGD on the ratio of logits (which needs
    three classes), and Square, which asks for answers alone and sees through hidden
    gradients. They have no step width to be chosen. The paper's fourth, FAB, is not one
    of that package.

    Args:
        logits: maps images (n, H, W, C) in [0, 1] to (n, K).
        x: images in [0, 1], (n, H, W, C).
        label: their true classes, (n,).
        epsilon: the largest change of a pixel, in (0, 1].
        seed: of the random starts, and of Square.
        steps: of each APGD.
        queries: of Square, for each image.

    Raises:
        UserError: a package is missing; or `epsilon` is 0.
    """
    if not epsilon:
        raise UserError("epsilon=0", "AutoAttack needs a bound above 0")
    art = toolbox()
    x = np.asarray(x, np.float32)
    model, classes = _estimator(art, logits, x)
    evasion = art.attacks.evasion
    bound = {"eps": epsilon, "batch_size": ROWS, "verbose": False}
    losses = ["cross_entropy", "difference_logits_ratio"][: 2 if classes > 2 else 1]
    parts = [
        evasion.AutoProjectedGradientDescent(
            model,
            eps_step=epsilon / 4,
            max_iter=steps,
            nb_random_init=1,
            loss_type=loss,
            **bound,
        )
        for loss in losses
    ]
    low, high = sorted(x.shape[1:3])
    # Its squares begin with this share of the pixels, and have to fit into the image.
    share = min(0.8, 0.8 * low / high)
    parts.append(
        evasion.SquareAttack(
            model, max_iter=queries, nb_restarts=1, p_init=share, **bound
        )
    )
    whole = evasion.AutoAttack(model, eps=epsilon, attacks=parts, batch_size=ROWS)
    with _drawing(seed):
        return whole.generate(x, y=np.asarray(label)).astype(np.float32)


def _estimator(art, logits, x):
    """A classifier as the package takes it, and the number of its classes."""
    classes = np.asarray(logits(tf.constant(x[:1]))).shape[-1]
    compiled = tf.function(logits, autograph=False, reduce_retracing=True)
    model = art.estimators.classification.TensorFlowV2Classifier(
        model=lambda images, training=False: compiled(images),
        nb_classes=classes,
        input_shape=x.shape[1:],
        loss_object=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        clip_values=(0, 1),
        channels_first=False,
    )
    return model, classes


@contextlib.contextmanager
def _drawing(seed: int) -> Iterator[None]:
    """The package draws from NumPy's global generator, which is given back as it was."""
    before = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before)


def toolbox() -> Any:
    """Returns the package art, ready for AutoAttack; raises UserError without it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells of every package that is absent
            importlib.import_module("multiprocess")  # which it forgets to ask for
            for part in ("attacks.evasion", "estimators.classification"):
                importlib.import_module(f"art.{part}")
            return importlib.import_module("art")
    except ImportError:
        raise UserError(
            "AutoAttack",
            "needs the packages adversarial-robustness-toolbox and multiprocess",
            "`pip install 'kgan[robustness]'`",
        ) from None
