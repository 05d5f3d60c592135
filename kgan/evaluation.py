"""What a trained game is worth, measured on its data set."""

import tensorflow as tf

from kgan import metrics, sampling
from kgan.data import load
from kgan.errors import UserError
from kgan.models import CGAN, InfoGAN


def evaluate(game, record, *, n=10_000, seed=0, data_dir=None, cache=None, say=print):
    """Scores of the game as a dict of plain numbers and lists.

    A classifier is trained on the data set's training part and tested on its
    test part. It tells how many of the classes `n` samples show, and whether a
    conditional game draws what it is asked for. For InfoGAN also L_I on the
    samples and the error of its first category as a classifier of the test
    images, categories matched to classes one-to-one (the most images agree).

    Args:
        record: of the run, `kgan.record.Record`.
        seed: of the samples.
        cache: folder for the trained classifier, or None.

    Raises:
        UserError: the data set has no classes, or no test part.
    """
    if not record.classes:
        raise UserError(
            f"--dataset={record.dataset}: has no classes, which these scores rest on"
        )
    train, test = (_load(record, split, data_dir) for split in ("train", "test"))
    judge = metrics.fit_classifier(
        train.pixels,
        train.labels,
        len(record.classes),
        test_pixels=test.pixels,
        test_labels=test.labels,
        cache=cache,
        say=say,
    )
    latent = game.latents(n, (0, seed))
    images = sampling.draw(game, latent)
    scores = {"dataset": record.dataset, "samples": n, "seed": seed}
    scores |= _class_scores(game, judge, latent, images)
    if isinstance(game, InfoGAN) and game.categories:
        scores |= _code_scores(game, latent, images, test)
    return scores


def _class_scores(game, judge, latent, images):
    """Which classes the samples show, and whether they are those asked for."""
    found = judge.predict(images)
    shares = metrics.class_shares(found, judge.model.output_shape[-1])
    scores = {
        "classifier_accuracy": float(judge.accuracy),
        "class_shares": [round(float(share), 4) for share in shares],
        "classes_with_3_percent": int(metrics.covered(shares, 0.03)),
        "reverse_kl": float(metrics.reverse_kl(shares)),
    }
    if isinstance(game, CGAN):
        asked = latent["label"].numpy()
        scores["label_accuracy"] = float(metrics.label_accuracy(found, asked))
    return scores


def _code_scores(game, latent, images, test):
    """L_I on generated images and the unsupervised error on real ones."""
    code = tf.argmax(game.decode(latent["z"])[1][0], -1).numpy()
    information = metrics.code_information(_guess(game, images), code)
    category = _guess(game, test.pixels).argmax(-1)
    error, matching = metrics.unsupervised_error(
        category, test.labels, len(test.classes)
    )
    return {
        "L_I": float(information),
        "code_error": float(error),
        "category_to_class": [None if c is None else int(c) for c in matching],
    }


def _guess(game, pixels):
    """Q's logits of the first categorical code for uint8 images, as NumPy (n, k)."""
    parts = []
    for i in range(0, len(pixels), sampling.AT_ONCE):
        x = tf.cast(pixels[i : i + sampling.AT_ONCE], tf.float32) / 127.5 - 1.0
        parts.append(game.discriminator(x, training=False)["category_0"])
    return tf.cast(tf.concat(parts, 0), tf.float32).numpy()


def _load(record, split, data_dir):
    side, _, channels = record.shape
    return load(
        record.dataset,
        split=split,
        image_size=side,
        channels=channels,
        data_dir=data_dir,
        say=lambda line: None,
    )
