"""Going on with a film, by a generator that is known."""

import numpy as np
import pytest

from kgan.applications import prediction
from kgan.controls import Input
from kgan.data import Field
from kgan.data.kinds import Frames, Image
from kgan.errors import UserError
from kgan.pictures import save_animation


class Sums:
    """Predicts the sum of the last two frames."""

    def __init__(self, kind=None, shape=(2, 4, 6, 1)):
        self.field = Field(shape, "uint8", kind or Frames())

    def controls(self):
        return (Input("source", "frames", self.field),)

    def generate(self, source):
        assert source.shape == (1, *self.field.shape)
        return source.sum(axis=1, keepdims=True, dtype=np.uint8)


def test_each_frame_comes_from_those_before_it():
    frames = np.ones((3, 4, 6, 1), np.uint8)
    found = prediction.predict(Sums().generate, frames, 2, 5)
    assert found.shape == (5, 4, 6, 1)
    assert found[:, 0, 0, 0].tolist() == [2, 3, 5, 8, 13]


def test_what_is_predicted_has_a_border():
    given, made = (
        np.full((2, 64, 32, 1), 7, np.uint8),
        np.full((1, 64, 32, 1), 9, "uint8"),
    )
    film = prediction.marked(given, made)
    assert film.shape == (3, 66, 34, 3)
    assert film[:, 0, 0].tolist() == [[0] * 3, [0] * 3, list(prediction.MARK)]
    assert film[:, 1, 1].tolist() == [[7] * 3, [7] * 3, [9] * 3]
    assert prediction.enlarged(film, 140).shape == (3, 132, 68, 3)


def test_a_film_is_brought_to_the_size_of_the_training(tmp_path):
    pixels = np.full((3, 8, 24, 3), 50, np.uint8)
    pixels[1] = 60  # equal frames would become one
    save_animation(tmp_path / "x.gif", pixels)
    control = prediction.control_of(Sums(), "run")
    film = prediction.read(tmp_path / "x.gif", control)
    assert film.frames.shape == (3, 4, 6, 1) and film.frames[:, 0, 0, 0].tolist() == [
        50,
        60,
        50,
    ]


def test_what_does_not_go_on(tmp_path):
    with pytest.raises(
        UserError, match="run: predicts no frames; train variant=next_fr"
    ):
        prediction.control_of(Sums(Image(), (4, 6, 1)), "run")
    control = prediction.control_of(Sums(), "run")
    save_animation(tmp_path / "x.gif", np.zeros((1, 4, 6, 1), np.uint8))
    with pytest.raises(
        UserError, match="has 1 frames, .* starts from 2; give a longer"
    ):
        prediction.read(tmp_path / "x.gif", control)
    with pytest.raises(UserError, match="nothing.gif: does not exist"):
        prediction.read(tmp_path / "nothing.gif", control)
    with pytest.raises(UserError, match="must end in .gif"):
        prediction.checked_out(tmp_path / "x.png", overwrite=True)
    with pytest.raises(UserError, match="is there already; say overwrite"):
        prediction.checked_out(tmp_path / "x.gif", overwrite=False)
