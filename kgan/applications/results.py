"""Pictures that are inverted: read as the run read its own, and their results written."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kgan.applications.inversion import Inversion
from kgan.applications.plan import Plan, look, plan
from kgan.controls import Choice
from kgan.data.decoding import threads
from kgan.data.decoding.picture import Header, Transform
from kgan.errors import UserError, few, printable
from kgan.files import replacing
from kgan.pictures import LARGE_CELL, save_png, tile
from kgan.sizes import Size
from kgan.typing import Log

if TYPE_CHECKING:
    from kgan.models import GAN
    from kgan.training.record import Record

SHEET, LATENTS = "inversion.png", "inversion.npz"
COLUMNS = 10  # pictures in a row of the sheet


def plan_of(
    inputs: Sequence[str],
    out: Path,
    overwrite: bool = False,
    further: Sequence[str] = (SHEET, LATENTS),
) -> Plan:
    """Returns the `Plan` of an inversion, whose results all lie in the folder `out`.

    Args:
        inputs: files, folders and patterns.
        out: the folder.
        overwrite: whether results may replace files.
        further: names of what is written there in addition to a file for each picture.

    Raises:
        UserError: no such pictures, or results that cannot be written there.
    """
    if out.suffix and not out.is_dir():
        raise UserError(
            f"out={out}", "must be a folder", "choose a name without suffix"
        )
    found = plan(inputs, out, overwrite)
    made = {path for _, path in found.pairs}
    for name in further:
        path = out / name
        if path in made:
            raise UserError(
                path, "would be a result and the sheet", "rename the picture"
            )
        if path.exists() and not overwrite:
            raise UserError(path, "is there already", "`overwrite` replaces it")
    return found


def read(
    game: "GAN",
    record: "Record",
    found: Plan,
    fit: str | None = None,
    log: Log = print,
) -> np.ndarray:
    """Returns the pictures of a plan in the shape that a game makes, uint8 (n, H, W, C).

    Args:
        game: the game of the run.
        record: of the run.
        found: the plan.
        fit: what becomes of a picture of another size or mode, of `kgan.sizes.FITS`;
            None refuses it.
        log: called with a line about files that are not read, or not as a whole, and
            about the levels of deep ones.

    Raises:
        UserError: a picture that cannot be read, or of another size or mode.
    """
    *size, channels = game.real_field.shape
    files = [source for source, _ in found.pairs]
    for line in found.lines:
        log(line)
    if fit is None:
        headers = threads.read_headers(files, len(files))
        odd = [
            f"{printable(str(file))} {_told(header)}"
            for file, header in zip(files, headers, strict=True)
            if isinstance(header, Header)
            and (header.size != tuple(size) or header.grey != (channels == 1))
        ]
        if odd:
            colour = "grey" if channels == 1 else "in colour"
            raise UserError(
                few(odd),
                f"the run makes {size[0]}x{size[1]} pixels, {colour}",
                "`fit=crop`, pad or stretch brings pictures there",
            )
    levels = look(files, record.levels("real"), log)
    transform = Transform(Size(*size), channels, fit or "crop", levels=levels)
    images = np.zeros((len(files), *size, channels), np.uint8)
    reasons = threads.read_pictures(files, images, transform)
    bad = [
        f"{printable(str(file))}: {why}"
        for file, why in zip(files, reasons, strict=True)
        if why
    ]
    if bad:
        raise UserError(few(bad), exit_code=1)
    return images


def _told(header):
    return f"is {header.size} {'grey' if header.grey else 'in colour'}"


def write(
    game: "GAN", images: np.ndarray, found: Inversion, planned: Plan, out: Path
) -> list[str]:
    """Writes reconstructions, a sheet and the latents; returns a line for each picture.

    In the sheet each picture stands above what G makes of it.
    """
    named = {one.name: one for one in game.controls()}
    lines = []
    for number, (source, path) in enumerate(planned.pairs):
        path.parent.mkdir(parents=True, exist_ok=True)
        game.real_field.kind.write(path, found.images[number])
        told = [f"PSNR {found.psnr[number]:.1f} dB"]
        for name, values in found.controls.items():
            told.append(f"{name} {_value(named.get(name), values[number])}")
        lines.append(
            f"{printable(str(source))}: {', '.join(told)} -> {printable(str(path))}"
        )
    save_png(out / SHEET, sheet(images, found.images))
    files = [str(source) for source, _ in planned.pairs]
    arrays: Any = found.latent | {f"{k}_found": v for k, v in found.controls.items()}
    arrays |= {"psnr": found.psnr, "files": np.array(files)}
    with replacing(out / LATENTS) as temporary:
        np.savez_compressed(temporary, **arrays)
    return [*lines, str(out / SHEET), str(out / LATENTS)]


def _value(control, value):
    """The value of a control as text: the name of an option, or numbers."""
    if isinstance(control, Choice):
        return control.options[int(value)]
    return ",".join(f"{one:.2f}" for one in np.ravel(value))


def sheet(*rows: np.ndarray) -> np.ndarray:
    """Returns a picture of images below each other, uint8 (n, H, W, C) for each row."""
    parts, n = [], len(rows[0])
    for begin in range(0, n, COLUMNS):
        for row in rows:
            some = row[begin : begin + COLUMNS]
            missing = np.full((min(COLUMNS, n) - len(some), *some.shape[1:]), 128)
            parts.append(np.concatenate([some, missing.astype(np.uint8)]))
    columns = min(COLUMNS, n)
    return tile(np.concatenate(parts), len(parts), columns, LARGE_CELL)
