"""Detectors of adversarial examples, and how well they tell them from clean images."""

import numpy as np
from sklearn.metrics import roc_auc_score

from kgan.applications.attacks import Logits, logits_of
from kgan.metrics import network as networks


def separation(clean: np.ndarray, attacked: np.ndarray) -> float:
    """Returns the area under the ROC curve of a score that is larger for attacked images.

    It is the probability that an attacked image has the larger one: 1/2 is guessing. The
    reconstruction error of a projection is such a score (Samangouei 2018, section 4.4).

    Args:
        clean: the scores of clean images, (n,).
        attacked: those of attacked images, (m,).
    """
    truth = np.repeat([0, 1], [len(clean), len(attacked)])
    return float(roc_auc_score(truth, np.concatenate([clean, attacked])))


def fit_detector(
    clean: np.ndarray,
    attacked: np.ndarray,
    *,
    updates: int = networks.UPDATES,
    seed: int = 0,
) -> Logits:
    """Trains a network to tell attacked images from clean ones.

    Who knows the detector attacks it together with the classifier, and passes both
    (Carlini & Wagner 2017).

    Args:
        clean: images in [0, 1], float32 (n, H, W, C).
        attacked: what attacks made of images, float32 (m, H, W, C).
        updates: as `kgan.metrics.network.train_network` takes them.
        seed: of the network and the batches.

    Returns:
        A function from images in [0, 1] to logits (n, 2): clean, attacked.
    """
    pixels = 255 * np.concatenate([clean, attacked])
    labels = np.repeat([0, 1], [len(clean), len(attacked)]).astype(np.int32)
    network = networks.build_network(pixels.shape[1:], 2, seed)
    networks.train_network(network, pixels, labels, seed=seed, updates=updates)
    return logits_of(network, (0, 255))
