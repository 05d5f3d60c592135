"""Pictures of any size through a generator of one size."""

import numpy as np
import pytest

from kgan.applications import translation as translating
from kgan.applications.translation import Way, translate
from kgan.sizes import FITS


def way(function=lambda tiles: tiles, size=(8, 8), channels=1, fit="crop"):
    return Way(lambda tiles: function(tiles.numpy()), (*size, channels), fit)


def picture(height, width, channels=1):
    shape = (height, width, channels)
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


@pytest.mark.parametrize("tile", [(8, 8), (4, 8), (8, 4)])
@pytest.mark.parametrize("size", [(8, 8), (8, 21), (40, 13), (3, 5), (1, 30), (9, 9)])
def test_tiles_of_the_identity_are_the_picture(size, tile):
    pixels = picture(*size)
    made = translate(way(size=tile), pixels, tiles=True)
    np.testing.assert_array_equal(made, pixels)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("tile", [(8, 8), (6, 12)])
@pytest.mark.parametrize("size", [(8, 8), (16, 40), (50, 20), (4, 4)])
def test_fitted_pictures_keep_their_size(size, tile, fit):
    seen = []

    def note(tiles):
        seen.append(tiles.shape[1:])
        return tiles

    flat = np.full((*size, 1), 90, np.uint8)
    made = translate(way(note, tile, fit=fit), flat)
    np.testing.assert_array_equal(made, flat)
    assert set(seen) == {(*tile, 1)}


def test_the_scale_is_that_in_which_a_picture_covers_a_tile():
    """One of twice the tile's size is halved; a square one is as wide as a wide tile."""
    for size, count in (((16, 32), 1), ((32, 32), 3), ((16, 64), 3)):
        seen = []

        def note(tiles, seen=seen):
            seen.append(len(tiles))
            return tiles

        translate(way(note, (8, 16)), picture(*size))
        assert seen == [count]


@pytest.mark.parametrize(
    ("fit", "filled"), [("pad", (slice(2, 6), slice(0, 8))), ("stretch", (slice(8),))]
)
def test_what_was_padded_or_stretched_in_training_is_one_tile(fit, filled):
    """Half of the picture is black, half is white: so is the part of the tile it fills."""
    pixels = np.zeros((16, 32, 1), np.uint8)
    pixels[:, 16:] = 255
    seen = []

    def inverted(tiles):
        seen.append(tiles)
        return 255 - tiles

    made = translate(way(inverted, fit=fit), pixels)
    ((tile,),) = seen
    part = tile[filled]
    assert (part[:, :3] < 30).all() and (part[:, 5:] > 225).all()
    bars = np.delete(tile, range(*filled[0].indices(8)), axis=0)
    assert (bars == bars.ravel()[0]).all() if fit == "pad" else not bars.size
    assert made.shape == pixels.shape
    assert made[:, :8].min() > 200 and made[:, 24:].max() < 55


def test_no_seams():
    """Tiles that disagree as much as they can fade into each other."""
    side = 32

    def number(tiles):
        values = np.arange(len(tiles)) % 2 * 255
        return np.broadcast_to(values[:, None, None, None], tiles.shape).astype(
            np.uint8
        )

    pixels = np.zeros((side, 5 * side, 1), np.uint8)
    made = translate(way(number, (side, side)), pixels, tiles=True).astype(int)
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
