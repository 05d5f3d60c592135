"""Pictures of any size through a generator of one size."""

import numpy as np
import pytest

from kgan.applications import translation as translating
from kgan.applications.translation import Way, translate


def way(function=lambda tiles: tiles, side=8, channels=1):
    return Way(lambda tiles: function(tiles.numpy()), (side, side, channels))


def picture(height, width, channels=1):
    shape = (height, width, channels)
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


@pytest.mark.parametrize("size", [(8, 8), (8, 21), (40, 13), (3, 5), (1, 30), (9, 9)])
def test_tiles_of_the_identity_are_the_picture(size):
    pixels = picture(*size)
    np.testing.assert_array_equal(translate(way(), pixels, tiles=True), pixels)


@pytest.mark.parametrize("size", [(8, 8), (16, 40), (50, 20), (4, 4)])
def test_fitted_pictures_keep_their_size(size):
    seen = []

    def note(tiles):
        seen.append(tiles.shape[1:])
        return tiles

    flat = np.full((*size, 1), 90, np.uint8)
    np.testing.assert_array_equal(translate(way(note), flat), flat)
    assert set(seen) == {(8, 8, 1)}


def test_no_seams():
    """Tiles that disagree as much as they can fade into each other."""
    side = 32

    def number(tiles):
        values = np.arange(len(tiles)) % 2 * 255
        return np.broadcast_to(values[:, None, None, None], tiles.shape).astype(
            np.uint8
        )

    pixels = np.zeros((side, 5 * side, 1), np.uint8)
    made = translate(way(number, side), pixels, tiles=True).astype(int)
    assert np.ptp(made) > 200
    assert np.abs(np.diff(made, axis=1)).max() <= 255 / (side / 2) + 1


def test_channels_are_brought_to_those_of_the_source():
    grey, colour = picture(8, 8), picture(8, 8, 3)
    np.testing.assert_array_equal(translate(way(channels=3), grey), grey.repeat(3, -1))
    assert translate(way(channels=1), colour).shape == (8, 8, 1)
    to_colour = way(lambda tiles: tiles.repeat(3, -1))
    assert translate(to_colour, grey).shape == (8, 8, 3)


def test_many_tiles_go_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(translating, "BATCH", 3)
    seen = []

    def note(tiles):
        seen.append(len(tiles))
        return tiles

    pixels = picture(8, 40)
    np.testing.assert_array_equal(translate(way(note), pixels, tiles=True), pixels)
    assert seen == [3, 3, 3]
