"""All scores of a generator, each with its floor: the value of real images."""

import functools
import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

import kgan
from kgan import metrics
from kgan.data import evenly
from kgan.errors import UserError
from kgan.evaluation import agreement, captions, classes, codes
from kgan.evaluation.collected import Collected
from kgan.evaluation.progress import announced, patience
from kgan.evaluation.reference import Reference
from kgan.evaluation.report import Pairs
from kgan.evaluation.sources import Source
from kgan.metrics import Score
from kgan.typing import Log

IN_A_RUN = 5000  # samples of an evaluation while a run trains
MOST_PARZEN = 1024  # numbers in an image, beyond which densities say nothing


def distance(
    source: Source,
    reference: Reference,
    *,
    n: int = IN_A_RUN,
    seed: int = 0,
    log: Log = print,
) -> tuple[str, float]:
    """Returns ("FID-<extractor>", its value) of `n` images, cheap enough for a run.

    Labels are drawn as `measure` draws them.

    Args:
        source: of `kgan.evaluation.sources`.
        reference: a `Reference`.
        n: how many images are drawn.
        seed: of the samples.
        log: called with a line where something takes long, or images are few.

    Raises:
        UserError: there are fewer than two real images.
    """
    if len(reference.train) < 2:
        raise UserError(reference.dataset, "holds a single image, without a distance")
    reference.warn(n, log)
    source = captions.of_data(source, reference.train)
    generated = Collected(reference.extractor, None, n)
    labels = classes.drawn_labels(source, reference.train, n, seed)
    for images, _ in classes.batches(source, reference.train, n, seed, labels):
        generated.add(images)
    with _announced_distance(generated, log):
        moments = generated.moments, reference.real.moments
        value = metrics.frechet_distance(*moments)
    return f"FID-{reference.extractor.name}", value


def measure(
    source: Source,
    reference: Reference,
    *,
    n: int = 10_000,
    seed: int = 0,
    log: Log = print,
) -> tuple[list[Score], dict[str, Any], Pairs]:
    """Returns (scores, details, closest) of `n` images that a source draws.

    A source that takes the data's classes, or its captions, is asked for them as often as
    the data have them; any other draws what it draws. The stamps say which.

    Args:
        source: of `kgan.evaluation.sources`.
        reference: a `Reference`.
        n: how many images are drawn.
        seed: of the samples, and of the choice of those that are compared.
        log: called with a line where something takes long, or images are few.

    Returns:
        A list of `Score`; a dict of what is no score, such as the share of each
        class; and for the picture of the closest pairs a list of (generated,
        training) images, uint8.

    Raises:
        UserError: there are too few real images.
    """
    reference.check_enough()
    warning = reference.warn(n, log)
    source = captions.of_data(source, reference.train)
    labels = classes.drawn_labels(source, reference.train, n, seed)
    with announced(f"{n:,} samples and their features", log):
        generated, read = _collect(source, reference, n, seed, labels)
    with announced("the features of the real images", log):
        floor = reference.floor(n)
    score = functools.partial(_score, _stamp(source, reference, n, seed))
    scores = [
        score(name, value, interval, real)
        for name, (value, interval), real in _compared(generated, reference, floor, log)
    ]
    details: dict[str, Any] = {"dataset": reference.dataset, "samples": n, "seed": seed}
    details |= _floor_details(generated, reference, floor, log)
    if source.takes_labels:
        details["labels"] = classes.protocol(source, reference.train)
    if warning:
        details["warning"] = warning
    if reference.classifier:
        scores += _classes(score, generated, reference, details)
    if labels is not None:
        scores += _asked(score, generated, labels, reference, floor, details)
    scores += agreement.scores(
        score, source, reference, details, n=n, seed=seed, log=log
    )
    for name, told in read.items():
        scores += codes.scores(score, source, (name, told), reference, details)
    return scores, details, _nearest(score, scores, generated, reference, seed, log)


def _floor_details(generated, reference, floor, log):
    """Details of the floor: its counts, and the distance of as few samples as it has."""
    features = generated.features
    count = min(floor[0].count, len(features))
    found = {"floor": reference.floor_told(floor, generated.count)}
    found["floor_counts"] = [one.count for one in floor]
    if count < generated.count:
        few = metrics.Moments().add(evenly(features, count))
        with _announced_distance(floor[1], log):
            value = metrics.frechet_distance(few, floor[1].moments)
        found[f"FID-{reference.extractor.name} of {count:,} samples"] = value
    return found


def _announced_distance(collected, log):
    count, dimensions = collected.count, collected.features.shape[1]
    told = f"a Frechet distance of {dimensions:,} dimensions"
    return announced(told, log, patience(min(count, dimensions)))


def _collect(source, reference, n, seed, labels):
    """`Collected` of the samples, and what the game reads back of them.

    That is, by the name of the control, a list of (logits, numbers).
    """
    generated, read = Collected(reference.extractor, reference.classifier, n), {}
    for images, latent in classes.batches(source, reference.train, n, seed, labels):
        generated.add(images)
        if source.game is not None:
            codes.add(read, source.game, images, latent)
    if labels is not None:
        generated.labels = labels[generated.kept]
    return generated, read


def _compared(generated, reference, floor, log):
    """Yields (name, (value, interval), floor) for what compares sets of features."""
    values = _distances(generated, reference.real, reference.classifier, log)
    floors = _distances(floor[0], floor[1], reference.classifier, log)
    for kind, value in values.items():
        # Structural similarity looks at the pixels themselves.
        name = kind if "SSIM" in kind else f"{kind}-{reference.extractor.name}"
        yield name, value, floors[kind][0]


def _distances(first, second, classifier, log):
    """Returns kind -> (value, interval or None) of two `Collected`."""
    with _announced_distance(first, log):
        frechet = metrics.frechet_distance(first.moments, second.moments)
    one, two = first.features, second.features
    with announced("kernel distances and nearest neighbours", log):
        kernel, interval = metrics.kernel_distance(one, two)
        manifold = metrics.precision_recall_density_coverage(two, one)
    with announced("the similarity of pairs", log):
        similarity, kind = metrics.pair_similarity(first.images)
    found = {
        "FID": (frechet, None),
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
    if reference.untested:
        details["untested_classes"] = list(reference.untested)
    details["class_shares"] = [round(float(share), 4) for share in shares]
    return [
        score("classes_with_3_percent", metrics.covered(shares, 0.03)),
        score(
            "reverse_kl", metrics.reverse_kl(shares, real) if real.all() else math.nan
        ),
    ]


def _asked(score, generated, labels, reference, floor, details):
    """The accuracy of the labels, and the scores of each class."""
    details["classes"] = classes.table(generated, labels, reference, floor)
    if not reference.classifier:
        return []
    found = metrics.label_accuracy(generated.predictions, labels)
    return [score("label_accuracy", found)]


def _nearest(score, scores, generated, reference, seed, log):
    """Adds what compares with held-out images; returns the closest pairs of images."""
    if not reference.held_out:
        return []
    with announced("the nearest images, and densities", log):
        closest = _memory(score, scores, generated, reference, seed)
        scores += _density(score, generated, reference)
    return closest


def _memory(score, scores, generated, reference, seed):
    """Adds the memorisation ratio; returns the closest pairs of images."""
    train, held_out = reference.real, reference.other
    report = metrics.memorisation_report(
        generated.features,
        train.features,
        held_out.features,
        seed=seed,
        total=train.count,
    )
    name = f"memorisation-{reference.extractor.name}"
    scores.append(score(name, report["ratio"], report["interval"], 1.0))
    mine, real = generated.images, train.images
    return [(mine[i], real[j]) for i, j in report["closest"]]


def _density(score, generated, reference):
    """Parzen's log-likelihood of the test images, as Goodfellow 2014 measured it."""
    if np.prod(generated.images.shape[1:]) > MOST_PARZEN:
        return []
    held_out, train = reference.held_out["real"], reference.train["real"]
    # The bandwidth is chosen on training images: the test images stay unseen.
    rows = np.arange(len(train))
    chosen = evenly(rows, min(1000, len(train) // 2))
    rest = evenly(np.setdiff1d(rows, chosen), len(generated.images))
    value, error, _ = metrics.parzen(
        *map(unit, (generated.images, train[chosen], held_out))
    )
    ceiling = metrics.parzen(*map(unit, (train[rest], train[chosen], held_out)))[0]
    interval = value - 1.96 * error, value + 1.96 * error
    return [score("parzen-pixels", value, interval, ceiling)]


def unit(pixels: ArrayLike) -> np.ndarray:
    """Returns uint8 (N, ...) as float32 (N, d) in [0, 1]."""
    pixels = np.asarray(pixels)
    return pixels.reshape(len(pixels), -1) / np.float32(255)


def _stamp(source, reference, n, seed):
    held_out = reference.held_out
    return {
        "dataset": reference.train.name,
        "digests": {
            "real": reference.train.digest(),
            "held_out": held_out.digest() if held_out else "",
        },
        "labels": classes.protocol(source, reference.train),
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
