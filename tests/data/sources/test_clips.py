"""Clips: moving digits, whose places are known, and folders of films."""

import itertools
import shutil
import sys
import types

import numpy as np
import pytest
from PIL import Image

from kgan.data import batches, load, load_clips
from kgan.data.decoding import films
from kgan.data.sources.moving import SPEED, UNSEEN, MovingDigits
from kgan.errors import UserError
from kgan.pictures import save_animation
from kgan.sizes import Size

SQUARE = MovingDigits(np.full((1, 6, 6), 255, np.uint8), np.zeros(1, int), 16, 1, 40)


def quiet(_):
    """Take a line and drop it."""


def film(path, frames=12, size=(8, 10), colour=False):
    """Writes a GIF; frame i is the grey i + 1, or that much red."""
    pixels = np.zeros((frames, *size, 3), np.uint8)
    pixels[..., 0 if colour else slice(3)] = np.arange(1, frames + 1).reshape(
        (-1, 1, 1) if colour else (-1, 1, 1, 1)
    )
    save_animation(path, pixels)


def test_a_clip_is_a_function_of_the_seed_and_its_number():
    seed = np.array([3, 1], np.int32)
    many, few = (SQUARE.draw(n, seed).numpy() for n in (9, 4))
    np.testing.assert_array_equal(many[:4], few)
    other = SQUARE.draw(4, np.array([3, 2], np.int32)).numpy()
    assert many.shape == (9, 40, 16, 16, 1) and (few != other).any()


def test_digits_fly_straight_and_bounce():
    seed = np.array([0, 1], np.int32)
    places = SQUARE.places(200, seed).numpy()[:, :, 0]
    free = 10.0
    assert places.min() >= 0 and places.max() <= free
    steps = np.linalg.norm(np.diff(places, axis=1), axis=-1)
    assert np.isclose(steps, SPEED * free, atol=1e-4).mean() > 0.7
    assert steps.max() <= SPEED * free + 1e-4, "slower where it bounces, never faster"
    signs = np.sign(np.diff(places, axis=1))
    assert (signs[:, 1:] != signs[:, :-1]).any(axis=(1, 2)).mean() > 0.9


def test_what_is_drawn_lies_where_it_should():
    seed = np.array([0, 1], np.int32)
    clips = SQUARE.draw(8, seed).numpy()[..., 0].astype(float)
    rows, columns = (np.arange(16).reshape(shape) for shape in ((16, 1), (1, 16)))
    mass = clips.sum(axis=(2, 3))
    centre = np.stack(
        [(clips * along).sum(axis=(2, 3)) / mass for along in (rows, columns)], -1
    )
    wanted = SQUARE.places(8, seed).numpy()[:, :, 0] + 2.5
    np.testing.assert_allclose(centre, wanted, atol=0.02)
    np.testing.assert_allclose(mass, 36 * 255, rtol=0.01)


def test_moving_digits_by_name():
    said = []
    data = load_clips("moving_digits", frames=6, log=said.append)
    assert said == [
        (
            "moving_digits: clips of 6 frames 32x32x1 of 2 moving digits, made as they "
            "are needed"
        )
    ]
    assert data.held_out["real"].shape == (512, 6, 32, 32, 1)
    again = load_clips("moving_digits", frames=6, log=quiet)
    assert data.digest() == again.digest()
    np.testing.assert_array_equal(data.held_out["real"], again.held_out["real"])
    one = next(iter(batches(data, 4, seed=0)))["real"]
    assert one.shape == (4, 6, 32, 32, 1) and one.dtype == "uint8"
    feeds = batches(data, 4, seed=0), batches(data, 4, seed=0, start=(0, 2))
    third = next(itertools.islice(feeds[0], 2, None))["real"]
    np.testing.assert_array_equal(third, next(iter(feeds[1]))["real"])


def test_other_digits_are_held_out():
    one = load_clips("one_moving_digit", frames=2, image_size=16, log=quiet)
    test = load_clips(
        "one_moving_digit", frames=2, image_size=16, split="test", log=quiet
    )
    assert one.digest() != test.digest()
    drawn = test.groups[0].draw(512, UNSEEN)["real"].numpy()
    np.testing.assert_array_equal(one.held_out["real"], drawn)


def test_films_of_a_folder(tmp_path):
    film(tmp_path / "a.gif")
    film(tmp_path / "short.gif", frames=3)
    (tmp_path / "b").mkdir()
    for number in (10, 2, 1, 3, 4, 5):
        grey = np.full((8, 10), number, np.uint8)
        Image.fromarray(grey).save(tmp_path / "b" / f"{number}.png")
    (tmp_path / "broken.gif").write_bytes(b"GIF89a")
    (tmp_path / "notes.txt").write_text("no film")
    said = []
    data = load_clips(tmp_path, frames=4, image_size=(8, 10), log=said.append)
    values = data["real"][..., 0, 0, 0]
    assert data["real"].shape == (5, 4, 8, 10, 1) and data["real"].dtype == np.uint8
    wanted = np.arange(1, 13)
    np.testing.assert_array_equal(values, [wanted[i : i + 4] for i in (0, 2, 4, 6, 8)])
    held = data.held_out["real"][..., 0, 0, 0]
    np.testing.assert_array_equal(held, [[1, 2, 3, 4], [3, 4, 5, 10]])
    assert said[0].startswith("left out 2: broken.gif: ") and "short.gif" in said[0]


def test_parts_of_a_folder_and_of_a_single_film(tmp_path):
    for part in ("train", "test"):
        (tmp_path / "all" / part).mkdir(parents=True)
        film(
            tmp_path / "all" / part / "x.gif", 8 if part == "train" else 4, colour=True
        )
    data = load_clips(tmp_path / "all", frames=4, image_size=(8, 10), log=quiet)
    assert data["real"].shape == (3, 4, 8, 10, 3) and len(data.held_out) == 1
    alone = tmp_path / "alone"
    alone.mkdir()
    film(alone / "x.gif", 12)
    data = load_clips(alone, frames=4, image_size=(8, 10), log=quiet)
    assert data["real"].max() == 8 and data.held_out["real"].min() == 9


def test_frames_lie_at_equal_distances_in_time(tmp_path):
    frames = [Image.new("L", (8, 8), value) for value in (9, 99, 199)]
    frames[0].save(
        tmp_path / "x.gif",
        save_all=True,
        append_images=frames[1:],
        duration=[40, 120, 40],
    )
    found = films.read_film(tmp_path / "x.gif", Size(8, 8))
    assert found.milliseconds == 40
    assert found.frames[:, 0, 0, 0].tolist() == [9, 99, 99, 99, 199]


def test_wrong_clips(tmp_path):
    with pytest.raises(UserError, match="digits: no such clips; use moving"):
        load_clips("digits", log=quiet)
    with pytest.raises(UserError, match="moving_digits: holds clips, no images"):
        load("moving_digits", log=quiet)
    with pytest.raises(UserError, match="channels=3: moving_digits is grey"):
        load_clips("moving_digits", channels=3, log=quiet)
    with pytest.raises(UserError, match="split=val: moving_digits has the splits"):
        load_clips("moving_digits", split="val", log=quiet)
    with pytest.raises(UserError, match="image_size=16x32: moving_digits flies in sq"):
        load_clips("moving_digits", image_size=(16, 32), log=quiet)
    with pytest.raises(UserError, match="has no films: .*; give GIFs"):
        load_clips(tmp_path, log=quiet)
    (tmp_path / "cut").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "cut" / "1.png")
    whole = (tmp_path / "cut" / "1.png").read_bytes()
    (tmp_path / "cut" / "1.png").write_bytes(whole[:-20])
    with pytest.raises(UserError, match="no film of 16 frames or more .cut: "):
        load_clips(tmp_path, log=quiet)
    shutil.rmtree(tmp_path / "cut")
    film(tmp_path / "x.gif", 3)
    with pytest.raises(UserError, match="no film of 16 frames .*x.gif: 3 frames"):
        load_clips(tmp_path, log=quiet)
    with pytest.raises(UserError, match="does not exist"):
        load_clips(tmp_path / "nowhere", log=quiet)


def test_a_film_is_turned_as_the_phone_was(monkeypatch, tmp_path):
    """With a stand-in for the package, which a test does not need."""
    lying = np.zeros((8, 16, 3), np.uint8)
    lying[:, :4] = 255

    class Container:
        streams = types.SimpleNamespace(
            video=[types.SimpleNamespace(width=16, height=8, average_rate=10)]
        )
        __enter__ = lambda self: self
        __exit__ = lambda self, *error: None

        def decode(self, stream):
            image = Image.fromarray(lying)
            yield types.SimpleNamespace(to_image=lambda: image, rotation=-90)

    package = types.SimpleNamespace(open=lambda path: Container())
    monkeypatch.setitem(sys.modules, "av", package)
    (tmp_path / "x.mp4").write_bytes(b"film")
    assert films.film_size(tmp_path / "x.mp4") == Size(16, 8)
    found = films.read_film(tmp_path / "x.mp4", Size(16, 8)).frames
    # What lies left is at the top of what is turned clockwise.
    assert (found[0, :4] == 255).all() and not found[0, 4:].any()


def test_films_without_the_package_that_reads_them(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert (
        films.unread(".mp4") == "of suffix .mp4, which needs pip install 'kgan[video]'"
    )
    assert not films.unread(".gif")
