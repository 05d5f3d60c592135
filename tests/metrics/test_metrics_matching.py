"""A matcher of images and captions, and the recall by its ranking."""

import numpy as np
import pytest

from kgan.metrics import fit_matcher, network, recall
from tests.metrics.test_metrics_attributes import shades


def captions(values):
    """Words 2 and 3 for the upper half, 4 to 6 for the lower one, in either order."""
    both = values + [2, 4]
    both[::2] = both[::2, ::-1]
    return np.concatenate([both, np.zeros_like(both)], 1).astype(np.int32)


def test_a_matcher_learns_which_caption_belongs_to_an_image(tmp_path, monkeypatch):
    pixels, values = shades(600, 0)
    known = {"cache": tmp_path, "updates": 60}
    matcher = fit_matcher(pixels, captions(values), 7, **known)
    others, wanted = shades(300, 1)
    told = captions(wanted)
    images, texts = matcher.images(others), matcher.captions(told)
    np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1, rtol=1e-5)
    groups = 3 * wanted[:, 0] + wanted[:, 1]
    assert recall(images, texts, groups) > 0.95
    shuffled = np.random.default_rng(0).permutation(300)
    assert recall(images[shuffled], texts, groups) < 0.4
    monkeypatch.setattr(network, "train_network", None)
    again = fit_matcher(pixels, captions(values), 7, **known)
    np.testing.assert_array_equal(again.images(others), images)


def test_recall_by_hand():
    own = np.eye(200, dtype=np.float32)
    assert recall(own, own, np.arange(200)) == 1.0
    assert recall(own[::-1], own, np.arange(200)) == 0.0
    half = own.copy()
    half[:100] = -half[:100]
    assert recall(half, own, np.arange(200)) == 0.5
    # Captions of one group are no wrong ones, however near they are.
    twins = np.repeat(np.eye(100, dtype=np.float32), 2, 0)
    assert recall(twins, twins, np.arange(200) // 2) == 1.0
    assert recall(twins, twins, np.arange(200)) == pytest.approx(0.5, abs=0.1)
    with pytest.raises(ValueError, match="98 other captions, of 99 needed"):
        recall(own[:99], own[:99], np.arange(99))
