"""Grids and animations, checked by hand."""

import numpy as np
from PIL import Image

from kgan.pictures import save_gif, save_png, tile, titled


def test_tile_by_hand():
    """Four images of 20 x 20, doubled to 40, with gaps of 2 in grey around each."""
    images = np.zeros((4, 20, 20, 1), np.uint8) + np.arange(4).reshape(4, 1, 1, 1)
    images[0, 0, 1] = 200
    picture = tile(images, 2, 2)
    assert picture.shape == (86, 86, 1) and picture.dtype == np.uint8
    assert (picture[:2] == 128).all() and (picture[42:44] == 128).all()
    assert (picture[84:] == 128).all() and (picture[:, 42:44] == 128).all()
    # Row by row: 0 1 / 2 3; each pixel became a square of 2 x 2.
    corners = [[picture[y, x, 0] for x in (2, 44)] for y in (2, 44)]
    assert corners == [[0, 1], [2, 3]]
    assert (picture[2:4, 4:6] == 200).all() and (picture == 200).sum() == 4


def test_large_images_keep_their_size_and_missing_ones_stay_grey():
    picture = tile(np.zeros((3, 64, 64, 3), np.uint8), 2, 2)
    assert picture.shape == (134, 134, 3)
    assert (picture[68:132, 68:132] == 128).all()


def test_png_keeps_every_value(tmp_path):
    colour = np.arange(8 * 8 * 3, dtype=np.uint8).reshape(8, 8, 3)
    for picture in (colour, colour[..., :1]):
        save_png(tmp_path / "a.png", picture)
        with Image.open(tmp_path / "a.png") as read:
            np.testing.assert_array_equal(
                np.asarray(read).reshape(picture.shape), picture
            )


def test_gif_shows_at_most_so_many_frames_evenly_and_holds_the_last(tmp_path):
    paths = [tmp_path / f"{i}.png" for i in range(9)]
    for i, path in enumerate(paths):
        save_png(path, np.full((8, 8, 1), 20 * i, np.uint8))
    save_gif(tmp_path / "a.gif", paths, milliseconds=100, most=5)
    shades, holds = [], []
    with Image.open(tmp_path / "a.gif") as animation:
        for i in range(animation.n_frames):
            animation.seek(i)
            shades.append(animation.convert("L").getpixel((0, 0)))
            holds.append(animation.info["duration"])
    assert shades == [0, 40, 80, 120, 160]
    assert holds == [100, 100, 100, 100, 1000]


def test_a_wide_word_stays_within_its_picture():
    """Of letters twice as wide as others, fewer stand in a line."""
    images = np.zeros((2, 64, 64, 1), np.uint8)
    wide, narrow = titled(images, ["w" * 12, "l" * 12], 1)
    below = slice(64, None)
    ink = [np.flatnonzero((one[below] < 128).any((0, 2))) for one in (wide, narrow)]
    lines = [(one[below] < 128).any((1, 2)).sum() for one in (wide, narrow)]
    assert ink[0].max() < 62 and lines[0] > lines[1]
