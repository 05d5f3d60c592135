"""The experiments of theory: their numbers, and the files that they write."""

import dataclasses
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
from PIL import Image

from kgan.files import replacing, write_text, writing


@dataclasses.dataclass(frozen=True)
class Number:
    """A measured number, and the value that theory predicts for it.

    Attributes:
        name: what it is, with its unit where it has one.
        measured: the number.
        theory: its closed form; None where there is none.
        within: how far both may be apart, as |measured - theory|, for the
            experiment to have gone well.
    """

    name: str
    measured: float
    theory: float | None = None
    within: float = math.inf

    def __str__(self):
        told = f"{self.name}: measured {self.measured:.4g}"
        return told if self.theory is None else f"{told}, theory {self.theory:.4g}"

    @property
    def agrees(self):
        """Whether the number is as close to theory as it has to be."""
        return self.theory is None or abs(self.measured - self.theory) <= self.within

    def plain(self):
        """Returns the number as a dict that JSON can hold, without infinities."""
        values = dataclasses.asdict(self)
        return {k: v for k, v in values.items() if v is not None and v != math.inf}


@dataclasses.dataclass(frozen=True)
class Experiment:
    """An experiment that shows a theorem.

    Attributes:
        name: on the command line.
        title: what it shows.
        perform: (seed, log) -> (list of `Number`, picture); `log` is called with
            each further line to print. The picture is a matplotlib Figure, or a
            list of PIL images, the frames of an animation.
    """

    name: str
    title: str
    perform: Callable[..., Any]


def perform(experiment, out, *, seed=0, log=print):
    """Performs an experiment, logs its numbers, writes OUT/NAME.json and .png or .gif.

    Returns:
        The numbers, a list of `Number`.

    Raises:
        UserError: `out` cannot be written; nothing has been computed then.
    """
    out = Path(out)
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    keras.utils.set_random_seed(seed)
    numbers, picture = experiment.perform(seed, log)
    for number in numbers:
        log(str(number))
    path = _draw(picture, out / experiment.name)
    seconds = round(time.monotonic() - began, 1)
    plain = {
        "experiment": experiment.name,
        "title": experiment.title,
        "seed": seed,
        "seconds": seconds,
        "numbers": [number.plain() for number in numbers],
    }
    text = json.dumps(plain, indent=1, allow_nan=False)
    write_text(out / f"{experiment.name}.json", text + "\n")
    log(f"{experiment.name}: {path} ({seconds:.0f} s)")
    return numbers


def _draw(picture, stem):
    """Writes a figure as .png or frames as .gif; returns the path."""
    path = stem.with_suffix(".gif" if isinstance(picture, list) else ".png")
    with replacing(path) as temporary:
        if isinstance(picture, list):
            first, *rest = picture
            holds = [120] * len(rest) + [2500]  # milliseconds
            first.save(
                temporary, save_all=True, append_images=rest, duration=holds, loop=0
            )
        else:
            picture.savefig(temporary, dpi=100)
            _shrink(temporary)
    return path


def _shrink(path):
    """Lines and dots need no more than 256 colours."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
