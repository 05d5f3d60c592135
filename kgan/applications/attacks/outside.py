"""Attacks of foolbox, an attacker that kgan has not written."""

import importlib
from typing import Any

import numpy as np
import tensorflow as tf

from kgan.applications.attacks.gradient import STEPS, Logits, in_batches
from kgan.errors import UserError

REACH = 4 / 3  # of PGD: for a bound of .3 steps of .01, as Madry 2018 has it for MNIST
# CW-L2 with one constant and 100 steps, as few as Defense-GAN's authors gave it.
CW = {"binary_search_steps": 1, "steps": 100, "stepsize": 0.05, "initial_const": 10.0}
OUTSIDE = ("fgsm", "pgd", "cw")


def outside(
    name: str,
    logits: Logits,
    x: np.ndarray,
    label: np.ndarray,
    epsilon: float,
    *,
    seed: int = 0,
) -> np.ndarray:
    """Returns what an attack of foolbox makes of images in [0, 1], float32 (n, H, W, C).

    Args:
        name: "fgsm"; "pgd", which starts at random within the bound; or "cw", the L2
            attack of Carlini & Wagner 2017, which knows no bound.
        logits: maps images (n, H, W, C) in [0, 1] to (n, K).
        x: images in [0, 1], (n, H, W, C).
        label: their true classes, (n,).
        epsilon: the largest change of a pixel, in [0, 1].
        seed: of the random start.

    Raises:
        UserError: the package foolbox is missing.
    """
    found = foolbox()
    attack = {
        "fgsm": lambda: found.attacks.FGSM(),
        "pgd": lambda: found.attacks.LinfPGD(rel_stepsize=REACH / STEPS, steps=STEPS),
        "cw": lambda: found.attacks.L2CarliniWagnerAttack(**CW),
    }[name]()
    device = "/GPU:0" if tf.config.list_logical_devices("GPU") else "/CPU:0"
    compiled = tf.function(logits, autograph=False, reduce_retracing=True)
    model = found.TensorFlowModel(compiled, (0, 1), device)
    bound = None if name == "cw" else epsilon
    tf.random.set_seed(seed)  # foolbox draws from the global generator

    def made(images, labels):
        # Of 64 bits as the answers that it compares them with: it cannot mix widths.
        truth = tf.cast(labels, tf.int64)
        return attack(model, images, truth, epsilons=bound)[1]

    return in_batches(made, np.asarray(x, np.float32), label)


def foolbox() -> Any:
    """Returns the package foolbox; raises UserError if it is missing."""
    try:
        return importlib.import_module("foolbox")
    except ImportError:
        raise UserError(
            "attacks of foolbox",
            "need the package foolbox",
            "`pip install 'kgan[robustness]'`",
        ) from None
