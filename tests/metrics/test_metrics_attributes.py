"""A classifier of several attributes: what it learns, keeps and refuses."""

import numpy as np
import pytest

from kgan.errors import UserError
from kgan.metrics import fit_attributes, network


def shades(count, seed):
    """Images whose upper and lower halves have shades of their own: 2 and 3 of them."""
    chance = np.random.default_rng(seed)
    values = np.stack([chance.integers(0, size, count) for size in (2, 3)], 1)
    pixels = chance.integers(0, 50, (count, 8, 8, 1))
    pixels[:, :4] += 200 * values[:, :1, None, None]
    pixels[:, 4:] += 100 * values[:, 1:, None, None]
    return pixels.astype(np.uint8), values.astype(np.int32)


def test_each_attribute_is_learnt_and_kept(tmp_path, monkeypatch):
    pixels, values = shades(400, 0)
    known = {"cache": tmp_path, "updates": 50}
    model = fit_attributes(pixels, values, (2, 3), **known)
    others, wanted = shades(200, 1)
    found = model.predict(others)
    assert found.shape == (200, 2) and found.dtype == np.int32
    assert (found == wanted).mean(0).min() > 0.97
    monkeypatch.setattr(network, "train_network", None)
    again = fit_attributes(pixels, values, (2, 3), **known)
    np.testing.assert_array_equal(again.predict(others), found)


def test_values_that_are_no_options(instant_training):
    pixels, values = shades(10, 0)
    with pytest.raises(UserError, match=r"a value is no option of \(2, 2\)"):
        fit_attributes(pixels, values, (2, 2))
    assert fit_attributes(pixels, values[:, :1], (2,)).predict(pixels).shape == (10, 1)
