"""What is taken from a picture."""

import numpy as np

from kgan.data.sources import tasks


def square(side=32, channels=1):
    """A white square, 16 pixels wide, on black."""
    pixels = np.zeros((1, side, side, channels), np.uint8)
    pixels[:, 8:24, 8:24] = 255
    return pixels


def test_edges_are_one_closed_dark_line():
    outline = tasks.edges(square())[0, :, :, 0]
    assert set(np.unique(outline)) == {0, 255}
    assert outline[:6].min() == 255 and outline[12:20, 12:20].min() == 255
    for row in (12, 16, 20):
        dark = np.flatnonzero(outline[row] == 0)
        assert len(dark) == 2, "one pixel on each side"
        assert abs(dark[0] - 7.5) <= 1 and abs(dark[1] - 23.5) <= 1
    assert 48 <= (outline == 0).sum() <= 72


def test_edges_of_colours_and_of_nothing():
    assert tasks.edges(square(channels=3)).shape == (1, 32, 32, 1)
    assert tasks.edges(np.full((2, 16, 16, 1), 9, np.uint8)).min() == 255


def test_grey_is_luma():
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255]], np.uint8)
    grey = tasks.colourise(colours.reshape(1, 1, 3, 3))
    assert grey.ravel().tolist() == [76, 150, 29]  # .299, .587, .114 of 255


def test_a_hole_is_a_quarter():
    pixels = square(channels=3)
    holed = tasks.complete(pixels)
    assert (holed[0, 8:24, 8:24] == 128).all()
    outside = np.ones((32, 32), bool)
    outside[8:24, 8:24] = False
    np.testing.assert_array_equal(holed[0][outside], pixels[0][outside])
    assert (pixels[0, 8:24, 8:24] == 255).all(), "the picture itself stays"


def test_every_task_keeps_the_shape_of_a_picture():
    """Of a wide one, as a hole shows, which is half as high and half as wide."""
    wide = np.random.default_rng(0).integers(129, 256, (2, 16, 40, 3), np.uint8)
    for task in tasks.TASKS.values():
        assert task(wide).shape[:3] == (2, 16, 40)
    holes = (tasks.complete(wide) == 128).all(-1)[1]
    assert holes[4:12, 10:30].all() and holes.sum() == 8 * 20
    ramp = np.tile(np.arange(40, dtype=np.uint8) * 6, (1, 16, 1))[..., None]
    blurred = tasks.superresolve(ramp).astype(int)
    assert np.abs(blurred - ramp)[:, :, 4:-4].max() <= 12


def test_details_are_lost_and_means_kept():
    noise = np.random.default_rng(0).integers(0, 256, (1, 32, 32, 1), np.uint8)
    blurred = tasks.superresolve(noise)
    assert blurred.shape == noise.shape and blurred.std() < 0.5 * noise.std()
    assert abs(blurred.mean() - noise.mean()) < 2
    flat = np.full((1, 16, 16, 3), 77, np.uint8)
    np.testing.assert_array_equal(tasks.superresolve(flat), flat)
