"""The files that a defence writes: pictures, answers, a sheet, numbers."""

import csv
import io
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kgan.applications import results
from kgan.applications.defence.defend import Defended, as_bytes
from kgan.applications.defence.measure import Measured
from kgan.applications.plan import Plan
from kgan.data import Dataset, evenly
from kgan.errors import UserError, printable
from kgan.files import replacing, write_text
from kgan.pictures import save_png
from kgan.training.inputs import load_again
from kgan.typing import Log

if TYPE_CHECKING:
    from kgan.models import GAN
    from kgan.training.record import Record

FOLDER = "defended"  # for the results, in a workdir
SHEET, TABLE = "defence.png", "defence.csv"
ARRAYS, NUMBERS = "defence.npz", "defence.json"
WRITTEN = SHEET, TABLE, ARRAYS, NUMBERS
SHOWN = 40  # pictures in the sheet


def check_out(out: Path, overwrite: bool) -> None:
    """Raises UserError if the results of a defence cannot be written into a folder."""
    if out.exists() and not out.is_dir():
        raise UserError(f"out={out}", "must be a folder", "choose another name")
    for name in WRITTEN:
        if (out / name).exists() and not overwrite:
            raise UserError(out / name, "is there already", "`overwrite` replaces it")


def data_of(record: "Record", dataset: str | None = None, log: Log = print) -> Dataset:
    """Returns the images that a run learned from, whose test part is held out.

    Args:
        record: of the run.
        dataset: where they lie, if that has changed.
        log: called with a line if they are not what the run learned from.

    Raises:
        UserError: there are no such data.
    """
    return load_again(record, dataset, log=log)


def tests_of(data: Dataset, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns `n` evenly spaced test images of a run's data, and their labels.

    Raises:
        UserError: the data have no test part, or no labels.
    """
    held = data.held_out
    if held is None or "label" not in held:
        what = "test images" if held is None else "labels"
        raise UserError(
            f"dataset={data.name}", f"has no {what} to measure with", "name pictures"
        )
    return evenly(held["real"], n), evenly(held["label"], n)


def write_pictures(
    game: "GAN",
    images: np.ndarray,
    found: Defended,
    classes: Sequence[str],
    planned: Plan,
    out: Path,
) -> list[str]:
    """Writes the purified pictures of a plan, a sheet and a table of the answers.

    In the sheet each picture stands above the purified one.

    Args:
        game: the game of the run.
        images: uint8 (n, H, W, C), of the plan.
        found: what `defend` made of them.
        classes: the names of the classes; () for numbers.
        planned: the `Plan`.
        out: the folder.

    Returns: a line for each picture, and the paths of sheet and table.
    """
    rows, lines = [], []
    for number, (source, path) in enumerate(planned.pairs):
        path.parent.mkdir(parents=True, exist_ok=True)
        game.real_field.kind.write(path, found.images[number])
        before, after = (
            _name(classes, one[number]) for one in (found.before, found.after)
        )
        error = found.errors[number]
        rows.append([source, before, after, f"{error:.6f}"])
        lines.append(
            f"{printable(str(source))}: {before}, purified {after}, error {error:.4f} "
            f"-> {printable(str(path))}"
        )
    save_png(out / SHEET, results.sheet(images[:SHOWN], found.images[:SHOWN]))
    write_text(out / TABLE, _csv(["file", "before", "after", "error"], rows))
    # Of an attack before, whose other files are replaced.
    for name in (ARRAYS, NUMBERS):
        (out / name).unlink(missing_ok=True)
    return [*lines, str(out / SHEET), str(out / TABLE)]


def write_measured(
    images: np.ndarray,
    found: Measured,
    classes: Sequence[str],
    about: dict[str, Any],
    out: Path,
) -> list[str]:
    """Writes what a defence is worth: a sheet, the answers, the images, the numbers.

    In the sheet each picture stands above the attacked and the purified one.

    Args:
        images: uint8 (n, H, W, C).
        found: what `measure` returned.
        classes: the names of the classes; () for numbers.
        about: what else the numbers hold, such as the name of the attack.
        out: the folder.

    Returns: a line for each accuracy, and the paths that were written.
    """
    out.mkdir(parents=True, exist_ok=True)
    attacked, purified = as_bytes(found.attacked), as_bytes(found.purified)
    shown = [one[:SHOWN] for one in (images, attacked, purified)]
    save_png(out / SHEET, results.sheet(*shown))
    names = list(found.answers)
    columns = [found.label, *(found.answers[name] for name in names)]
    rows = [[_name(classes, one) for one in row] for row in zip(*columns, strict=True)]
    write_text(out / TABLE, _csv(["label", *names], rows))
    held: Any = {
        "images": images,
        "attacked": found.attacked,
        "purified": found.purified,
    }
    with replacing(out / ARRAYS) as temporary:
        np.savez_compressed(temporary, label=found.label, **held)
    # JSON knows no NaN, which is the share of no image.
    shares = {name: found.accuracy(name) for name in names}
    accuracy = {k: None if math.isnan(share) else share for k, share in shares.items()}
    told = about | {"images": len(images), "accuracy": accuracy}
    write_text(out / NUMBERS, json.dumps(told, indent=1) + "\n")
    lines = [f"{name}: {_share(accuracy[name])}" for name in names]
    return [*lines, *(str(out / name) for name in WRITTEN)]


def _share(share):
    return (
        "no image was right before" if share is None else f"{100 * share:.1f} % right"
    )


def _name(classes, number):
    return classes[number] if number < len(classes) else str(int(number))


def _csv(heads, rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heads, *rows])
    return text.getvalue()
