"""Every measure that applies to a generator, as `Score`s with their floors."""

import functools
import math

import numpy as np
import tensorflow as tf

import kgan
from kgan import metrics
from kgan.applications import sampling
from kgan.evaluation.collected import Collected
from kgan.metrics import Score
from kgan.models import CGAN, InfoGAN

MOST_PARZEN = 1024  # numbers in an image, beyond which densities say nothing


def distance(source, reference, *, n=5000, seed=0):
    """("FID-<extractor>", its value) of `n` images: what a run can afford to watch."""
    generated = Collected(reference.extractor)
    for images, _ in source.batches(n, seed):
        generated.add(images)
    value = metrics.frechet_distance(generated.moments, reference.real.moments)
    return f"FID-{reference.extractor.name}", value


def measure(source, reference, *, n=10_000, seed=0):
    """(scores, details, closest) of `n` images that a source draws.

    Args:
        source: of `kgan.evaluation.sources`.
        reference: a `Reference`.

    Returns:
        A list of `Score`; a dict of what is no score, such as the share of each
        class; and for the picture of the closest pairs a list of (generated,
        training) images, uint8.
    """
    generated, asked, codes = _collect(source, reference, n, seed)
    stamp = _stamp(reference, n, seed)
    score = functools.partial(_score, stamp)
    scores = [
        score(name, value, interval, floor)
        for name, (value, interval), floor in _compared(generated, reference)
    ]
    details = {"dataset": reference.dataset, "samples": n, "seed": seed}
    details["floor"] = reference.floor
    if reference.judge:
        scores += _classes(score, generated, reference, details)
    if asked:
        found = metrics.label_accuracy(generated.predictions, np.concatenate(asked))
        scores.append(score("label_accuracy", found))
    if codes:
        scores += _codes(score, source.game, codes, reference, details)
    closest = []
    if reference.held_out:
        closest = _memory(score, scores, generated, reference, seed)
        scores += _density(score, generated, reference)
    return scores, details, closest


def _collect(source, reference, n, seed):
    """(`Collected`, labels asked for, [(Q's logits, codes)]), of a stream of batches."""
    generated = Collected(reference.extractor, reference.judge)
    asked, codes = [], []
    game = getattr(source, "game", None)
    for images, latent in source.batches(n, seed):
        generated.add(images)
        if isinstance(game, CGAN) and reference.judge:
            asked.append(latent["label"].numpy())
        if isinstance(game, InfoGAN) and game.categories:
            hot = game.decode(latent["z"])[1][0]
            codes.append((guess(game, images), tf.argmax(hot, -1).numpy()))
    return generated, asked, codes


def _compared(generated, reference):
    """Yields (name, (value, interval), floor) for what compares sets of features."""
    values = _distances(generated, reference.real, reference.judge)
    floors = _distances(reference.other, reference.base, reference.judge)
    for kind, value in values.items():
        # Structural similarity looks at the pixels themselves.
        name = kind if "SSIM" in kind else f"{kind}-{reference.extractor.name}"
        yield name, value, floors[kind][0]


def _distances(first, second, judge):
    """kind -> (value, interval or None) of two `Collected`."""
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
    if judge:
        found["IS"] = first.inception.value, None
    return found


def _classes(score, generated, reference, details):
    count = len(reference.train.classes)
    shares = metrics.class_shares(generated.predictions, count)
    real = metrics.class_shares(reference.real.predictions, count)
    details["classifier_accuracy"] = float(reference.judge.accuracy)
    details["class_shares"] = [round(float(share), 4) for share in shares]
    return [
        score("classes_with_3_percent", metrics.covered(shares, 0.03)),
        score(
            "reverse_kl", metrics.reverse_kl(shares, real) if real.all() else math.nan
        ),
    ]


def _codes(score, game, codes, reference, details):
    """L_I on generated images; the unsupervised error on real ones."""
    logits, code = (np.concatenate(part) for part in zip(*codes, strict=True))
    scores = [score("L_I", metrics.code_information(logits, code))]
    held_out = reference.held_out
    same = len(reference.train.classes) == game.categories[0]
    if held_out is not None and held_out.labels is not None and same:
        category = guess(game, held_out.pixels).argmax(-1)
        error, matching = metrics.unsupervised_error(
            category, held_out.labels, len(held_out.classes)
        )
        scores.append(score("code_error", error))
        details["category_to_class"] = list(matching)
    return scores


def guess(game, pixels):
    """Q's logits of the first categorical code for uint8 images, as NumPy (n, k)."""
    parts = []
    for i in range(0, len(pixels), sampling.AT_ONCE):
        x = tf.cast(pixels[i : i + sampling.AT_ONCE], tf.float32) / 127.5 - 1.0
        parts.append(game.discriminator(x, training=False)["category_0"])
    return tf.cast(tf.concat(parts, 0), tf.float32).numpy()


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
    held_out = reference.held_out.pixels
    # The bandwidth is chosen on training images: the test images stay unseen.
    chosen = reference.train.pixels[-1000:]
    value, error, _ = metrics.parzen(*map(unit, (generated.images, chosen, held_out)))
    real = reference.train.pixels[: len(generated.images)]
    ceiling = metrics.parzen(*map(unit, (real, chosen, held_out)))[0]
    interval = value - 1.96 * error, value + 1.96 * error
    return [score("parzen-pixels", value, interval, ceiling)]


def unit(pixels):
    """uint8 (N, ...) to float32 (N, d) in [0, 1]."""
    return np.asarray(pixels).reshape(len(pixels), -1) / np.float32(255)


def _stamp(reference, n, seed):
    held_out = reference.held_out
    return {
        "dataset": reference.train.name,
        "shape": list(reference.train.image_shape),
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
