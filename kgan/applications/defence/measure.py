"""Answers of a classifier to attacked images, alone and behind a projection."""

import dataclasses
from typing import Any

import numpy as np
import tensorflow as tf

from kgan.applications import attacks
from kgan.applications.attacks import Logits
from kgan.applications.defence import derivative
from kgan.applications.defence.projection import Projection
from kgan.errors import UserError

ATTACKS = "none", "fgsm", "pgd", "cw", "auto", "unrolled", "bpda", "tangent", "manifold"
ONE_STEP = "fgsm", "unrolled"
OF_NORMS = "pgd", "bpda", "tangent"  # which know more than one bound
ROWS = 250  # images that are attacked at once
EPSILON = 0.3  # of the range, as the papers have it for MNIST
BPDA = {"steps": 40, "reach": 8 / 3}  # steps of .02 for a bound of .3
COPIES, COPY_STEPS = 4, 100  # the attacker's own restarts, and the steps of each
KEPT = 20  # images whose whole descent is held in memory


@dataclasses.dataclass(frozen=True)
class Measured:
    """The answers to some images, attacked and not, with a defence and without.

    Attributes:
        attacked: the attacked images, float32 (n, H, W, C) in [0, 1].
        purified: what the projection makes of them.
        label: the true classes, (n,).
        answers: the classes that are named, (n,) each: "clean" and "attacked" of the
            classifier alone, "clean, defended" and "attacked, defended" behind the
            projection.
    """

    attacked: np.ndarray
    purified: np.ndarray
    label: np.ndarray
    answers: dict[str, np.ndarray]

    def accuracy(self, name: str) -> float:
        """Returns the share of right answers.

        Of attacked images, only those count that were right before: an attack has
        nothing to do with the others.
        """
        right = self.answers[name] == self.label
        if not name.startswith("attacked"):
            return float(right.mean())
        before = self.answers[name.replace("attacked", "clean")] == self.label
        return float(right[before].mean()) if before.any() else float("nan")


def attack(
    name: str,
    logits: Logits,
    x: np.ndarray,
    label: np.ndarray,
    projection: Projection,
    epsilon: float = EPSILON,
    *,
    seed: int = 0,
    steps: int | None = None,
    norm: str = "linf",
) -> np.ndarray:
    """Returns what an attack makes of images in [0, 1], float32 (n, H, W, C).

    Args:
        name: "fgsm", "pgd", "cw" or "auto", which see the classifier alone; "unrolled",
            "bpda" or "tangent", which go through the projection (`derivative`): FGSM with
            the first, PGD with the others; "manifold", which stays within what G makes;
            or "none".
        logits: of the classifier, for images in [0, 1].
        x: images in [0, 1], float32 (n, H, W, C).
        label: their true classes, (n,).
        projection: the defence. "bpda" and "tangent" have one of their own with less steps.
        epsilon: the bound, as `attacks.pgd` takes it; "cw" and "manifold" know none.
        seed: of random starts.
        steps: of an attack that has several; by default as many as it is known for.
        norm: what is bounded, "linf" or "l2"; the others than "pgd", "bpda" and "tangent"
            know "linf" alone.

    Raises:
        UserError: no such attack or norm; or the package is missing that "cw" or "auto"
            is from.
    """
    if name not in ATTACKS:
        raise UserError(f"attack={name}", f"there are {', '.join(ATTACKS)}")
    if norm != "linf" and name not in OF_NORMS:
        raise UserError(
            f"norm={norm}", f"attack={name} has none", f"take {', '.join(OF_NORMS)}"
        )
    if name == "none":
        return x
    if name == "cw":
        return attacks.outside("cw", logits, x, label, epsilon, seed=seed)
    many = {} if steps is None else {"steps": steps}
    if name == "auto":
        return attacks.autoattack(logits, x, label, epsilon, seed=seed, **many)
    if name == "manifold":
        latent = projection(x, seed).latent
        return attacks.on_manifold(projection.game, logits, x, label, latent, **many)
    gradient, rows = _gradient(name, logits, projection, seed)

    def made(images, labels):
        if name in ONE_STEP:
            return attacks.fgsm(gradient, images, labels, epsilon)
        start = {"seed": (seed, 0)} if name == "pgd" else BPDA
        given: dict[str, Any] = start | many | {"norm": norm}
        return attacks.pgd(gradient, images, labels, epsilon, **given)

    return attacks.in_batches(made, x, label, rows)


def _gradient(name, logits, projection, seed):
    """The gradient that an attack follows, and for how many images it is made at once."""
    if name in ("fgsm", "pgd"):
        return attacks.loss_gradient(logits), ROWS
    if name == "unrolled":
        rows = min(KEPT, projection.size)
        own = Projection(projection.game, projection.restarts, projection.steps, rows)
        return attacks.through(logits, derivative.unrolled(own, seed), 1), rows
    own = Projection(projection.game, 1, min(COPY_STEPS, projection.steps))
    defended = derivative.identity if name == "bpda" else derivative.tangent
    gradient = attacks.through(logits, defended(own, seed), COPIES)
    return gradient, max(1, own.size // COPIES)


def measure(
    name: str,
    logits: Logits,
    images: np.ndarray,
    label: np.ndarray,
    projection: Projection,
    epsilon: float = EPSILON,
    *,
    seed: int = 0,
    steps: int | None = None,
    norm: str = "linf",
) -> Measured:
    """Attacks images, and asks a classifier for them alone and behind a projection.

    The defence draws other codes than the attacker, who does not know its seed.

    Args:
        name: of the attack, as `attack` takes it.
        logits: of the classifier.
        images: uint8 (n, H, W, C).
        label: their true classes, (n,).
        projection: the defence.
        epsilon: as `attack` takes it.
        seed: of the attack and the defence.
        steps: as `attack` takes them.
        norm: as `attack` takes it.

    Raises:
        UserError: as `attack`; or a label that the classifier does not know.
    """
    x = np.asarray(images, np.float32) / 255
    classes = logits(tf.constant(x[:1])).shape[-1]
    if np.max(label) >= classes:
        told = f"knows {classes} classes, and an image has the label {np.max(label)}"
        raise UserError("classifier", told)
    known = answers(logits, x)
    given = {"seed": seed, "steps": steps, "norm": norm}
    made = attack(name, logits, x, label, projection, epsilon, **given)
    clean, attacked = (projection(one, seed + 2**20) for one in (x, made))
    found = {"clean": known, "attacked": answers(logits, made)}
    found["clean, defended"] = answers(logits, clean.images)
    found["attacked, defended"] = answers(logits, attacked.images)
    return Measured(made, attacked.images, np.asarray(label), found)


def answers(logits: Logits, x: np.ndarray, size: int = 500) -> np.ndarray:
    """Returns the class that a classifier names, (n,), of images in [0, 1]."""
    parts = [x[begin : begin + size] for begin in range(0, len(x), size)]
    return np.concatenate([np.argmax(logits(tf.constant(one)), -1) for one in parts])
