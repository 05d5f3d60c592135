"""All scores of a generator, each with its floor: the value of real images."""

import dataclasses
import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

import kgan
from kgan import metrics
from kgan.applications import sampling
from kgan.controls import Choice
from kgan.evaluation.collected import Collected
from kgan.evaluation.reference import Reference
from kgan.evaluation.report import Pairs
from kgan.evaluation.sources import Source
from kgan.metrics import Score

if TYPE_CHECKING:
    from kgan.game import Game

MOST_PARZEN = 1024  # numbers in an image, beyond which densities say nothing


def distance(
    source: Source, reference: Reference, *, n: int = 5000, seed: int = 0
) -> tuple[str, float]:
    """Returns ("FID-<extractor>", its value) of `n` images, cheap enough for a run."""
    generated = Collected(reference.extractor)
    for images, _ in source.batches(n, seed):
        generated.add(images)
    value = metrics.frechet_distance(generated.moments, reference.real.moments)
    return f"FID-{reference.extractor.name}", value


def measure(
    source: Source, reference: Reference, *, n: int = 10_000, seed: int = 0
) -> tuple[list[Score], dict[str, Any], Pairs]:
    """Returns (scores, details, closest) of `n` images that a source draws.

    Args:
        source: of `kgan.evaluation.sources`.
        reference: a `Reference`.
        n: how many images are drawn.
        seed: of the samples, and of the choice of those that are compared.

    Returns:
        A list of `Score`; a dict of what is no score, such as the share of each
        class; and for the picture of the closest pairs a list of (generated,
        training) images, uint8.
    """
    generated, told = _collect(source, reference, n, seed)
    stamp = _stamp(reference, n, seed)
    score = functools.partial(_score, stamp)
    scores = [
        score(name, value, interval, floor)
        for name, (value, interval), floor in _compared(generated, reference)
    ]
    details = {"dataset": reference.dataset, "samples": n, "seed": seed}
    details["floor"] = reference.floor
    if reference.classifier:
        scores += _classes(score, generated, reference, details)
    for name, wanted in told.asked.items():
        found = metrics.label_accuracy(generated.predictions, np.concatenate(wanted))
        scores.append(score(f"{name}_accuracy", found))
    for name, codes in told.codes.items():
        scores += _codes(score, told.game, (name, codes), reference, details)
    closest = []
    if reference.held_out:
        closest = _memory(score, scores, generated, reference, seed)
        scores += _density(score, generated, reference)
    return scores, details, closest


@dataclasses.dataclass
class _Told:
    """What samples were asked to be, by the name of the control.

    Attributes:
        game: the game that drew them, None for an export.
        asked: of controls whose options are the data's classes: lists of numbers.
        codes: of controls that the game reads back: lists of (logits, numbers).
    """

    game: Any = None
    asked: dict[str, Any] = dataclasses.field(default_factory=dict)
    codes: dict[str, Any] = dataclasses.field(default_factory=dict)

    def add(self, reference, images, latent):
        game = self.game
        values = game.control_values(latent)
        read = game.read_codes(game.as_inputs({"real": images})["real"])
        for control in game.controls():
            if not isinstance(control, Choice) or control.name not in values:
                continue
            numbers = np.asarray(values[control.name])
            if control.name in read:
                logits = read[control.name].numpy()
                self.codes.setdefault(control.name, []).append((logits, numbers))
            elif reference.classifier and control.options == tuple(
                reference.train.classes
            ):
                self.asked.setdefault(control.name, []).append(numbers)


def _collect(source, reference, n, seed):
    """(`Collected`, `_Told`) of a stream of batches."""
    generated, told = Collected(reference.extractor, reference.classifier), _Told()
    told.game = getattr(source, "game", None)
    for images, latent in source.batches(n, seed):
        generated.add(images)
        if told.game is not None:
            told.add(reference, images, latent)
    return generated, told


def _compared(generated, reference):
    """Yields (name, (value, interval), floor) for what compares sets of features."""
    values = _distances(generated, reference.real, reference.classifier)
    floors = _distances(reference.other, reference.base, reference.classifier)
    for kind, value in values.items():
        # Structural similarity looks at the pixels themselves.
        name = kind if "SSIM" in kind else f"{kind}-{reference.extractor.name}"
        yield name, value, floors[kind][0]


def _distances(first, second, classifier):
    """Returns kind -> (value, interval or None) of two `Collected`."""
    one, two = first.features, second.features
    kernel, interval = metrics.kernel_distance(one, two)
    manifold = metrics.precision_recall_density_coverage(two, one)
    similarity, kind = metrics.pair_similarity(first.images)
    found = {
        "FID": (metrics.frechet_distance(first.moments, second.moments), None),
        "KID": (kernel, interval),
        **{name: (value, None) for name, value in manifold.items()},
        "variance_ratio": (
            metrics.variance_ratio(first.moments, second.moments),
            None,
        ),
        kind: (similarity, None),
    }
    if classifier:
        found["IS"] = first.inception.value, None
    return found


def _classes(score, generated, reference, details):
    count = len(reference.train.classes)
    shares = metrics.class_shares(generated.predictions, count)
    real = metrics.class_shares(reference.real.predictions, count)
    details["classifier_accuracy"] = float(reference.classifier.accuracy)
    details["class_shares"] = [round(float(share), 4) for share in shares]
    return [
        score("classes_with_3_percent", metrics.covered(shares, 0.03)),
        score(
            "reverse_kl", metrics.reverse_kl(shares, real) if real.all() else math.nan
        ),
    ]


def _codes(score, game, told, reference, details):
    """L_I on generated images; the unsupervised error on real ones."""
    name, codes = told
    logits, code = (np.concatenate(part) for part in zip(*codes, strict=True))
    several = sum(isinstance(one, Choice) for one in game.controls()) > 1
    suffix = f"-{name}" if several else ""
    scores = [score(f"L_I{suffix}", metrics.code_information(logits, code))]
    held_out = reference.held_out
    same = len(reference.train.classes) == logits.shape[-1]
    if held_out is not None and "label" in held_out and same:
        category = guess(game, held_out["real"], name).argmax(-1)
        error, matching = metrics.unsupervised_error(
            category, held_out["label"], len(held_out.classes)
        )
        scores.append(score(f"code_error{suffix}", error))
        details[f"category_to_class{suffix}"] = list(matching)
    return scores


def guess(game: "Game", pixels: np.ndarray, control: str = "category") -> np.ndarray:
    """What a game reads back of a control from uint8 images: logits, NumPy (n, k)."""
    parts = []
    for start in range(0, len(pixels), sampling.BATCH):
        x = game.as_inputs({"real": pixels[start : start + sampling.BATCH]})["real"]
        parts.append(game.read_codes(x)[control].numpy())
    return np.concatenate(parts)


def _memory(score, scores, generated, reference, seed):
    """Adds the memorisation ratio; returns the closest pairs of images."""
    train, held_out = reference.real, reference.other
    report = metrics.memorisation_report(
        generated.features, train.features, held_out.features, seed=seed
    )
    name = f"memorisation-{reference.extractor.name}"
    scores.append(score(name, report["ratio"], report["interval"], 1.0))
    mine, real = generated.images, train.images
    return [(mine[i], real[j]) for i, j in report["closest"]]


def _density(score, generated, reference):
    """Parzen's log-likelihood of the test images, as Goodfellow 2014 measured it."""
    if np.prod(generated.images.shape[1:]) > MOST_PARZEN:
        return []
    held_out = reference.held_out["real"]
    # The bandwidth is chosen on training images: the test images stay unseen.
    chosen = reference.train["real"][-1000:]
    value, error, _ = metrics.parzen(*map(unit, (generated.images, chosen, held_out)))
    real = reference.train["real"][: len(generated.images)]
    ceiling = metrics.parzen(*map(unit, (real, chosen, held_out)))[0]
    interval = value - 1.96 * error, value + 1.96 * error
    return [score("parzen-pixels", value, interval, ceiling)]


def unit(pixels: ArrayLike) -> np.ndarray:
    """Returns uint8 (N, ...) as float32 (N, d) in [0, 1]."""
    pixels = np.asarray(pixels)
    return pixels.reshape(len(pixels), -1) / np.float32(255)


def _stamp(reference, n, seed):
    held_out = reference.held_out
    return {
        "dataset": reference.train.name,
        "shape": list(reference.train.fields["real"].shape),
        "fit": reference.fit,
        "counts": {
            "real": len(reference.train),
            "held_out": len(held_out) if held_out else 0,
            "generated": n,
        },
        "extractor": {
            "name": reference.extractor.name,
            "digest": reference.extractor.digest,
            "resizing": reference.extractor.resizing,
        },
        "kgan": kgan.__version__,
        "seeds": {"samples": seed},
    }


def _score(stamp, name, value, interval=None, floor=None):
    return Score(name, float(value), interval, floor, stamp)
