"""What the tests of the classifier share: digits, and one trained on them."""

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.datasets import load_digits

from kgan.metrics import fit_classifier, network


@pytest.fixture(scope="package")
def digits():
    """The keyword arguments of a fit on scikit-learn's 1,797 digits of 8 x 8."""
    images, labels = load_digits(return_X_y=True)
    images = np.rint(images * 255 / 16).astype(np.uint8).reshape(-1, 8, 8, 1)
    order = np.random.default_rng(0).permutation(len(images))
    train, test = order[:1437], order[1437:]
    return {
        "pixels": images[train],
        "labels": labels[train],
        "classes": 10,
        "test_pixels": images[test],
        "test_labels": labels[test],
    }


@pytest.fixture(scope="package")
def fitted(digits, tmp_path_factory):
    """One short training, its cache, what it said and how to ask for it again."""
    folder, said = tmp_path_factory.mktemp("cache"), []
    options = digits | {"updates": 400, "cache": folder}
    classifier = fit_classifier(**options, log=said.append)
    return SimpleNamespace(
        classifier=classifier, folder=folder, said=said, options=options
    )


@pytest.fixture
def no_training(monkeypatch):
    """Make any training fail the test."""

    def train(*args, **options):
        raise AssertionError("trained, although the cache had it")

    monkeypatch.setattr(network, "train_network", train)


@pytest.fixture
def instant_training(monkeypatch):
    """Leave the network as it starts, where the test is not about learning."""
    monkeypatch.setattr(network, "train_network", lambda *args, **options: None)
