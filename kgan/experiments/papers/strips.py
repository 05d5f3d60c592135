"""Pictures of rows: the same few images, and what each method makes of them."""

from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from kgan.data import evenly
from kgan.experiments.papers.table import slug
from kgan.files import replacing
from kgan.pictures import tile

SHOWN, CELL, MARGIN = 10, 64, 150  # images in a row; pixels of one, and of the labels
COLOURS = 256  # a palette: a third of the file, and hardly to be seen
NAME = "strip.npz"


def keep(folder, **images):
    """Leaves some images of each, uint8 (n, H, W, C), in `folder`, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / NAME) as temporary:
        shown: Any = {k: evenly(v, SHOWN) for k, v in images.items()}
        np.savez_compressed(temporary, **shown)


def kept(work, row):
    """What `keep` left of the first seed of the row of this name; {} of none."""
    path = work / f"{slug(row)}-0" / NAME
    if not path.exists():
        return {}
    with np.load(path) as held:
        return dict(held)


def copy(work, row, name, path):
    """Copies the picture `name` that the first seed of a row has left, if it has."""
    left = work / f"{slug(row)}-0" / name
    if left.exists():
        path.write_bytes(left.read_bytes())


def sheet(path):
    """Returns NAME-sheet.png of NAME.png: it shows images of the data as well.

    NAME.png may be shown to others: who publishes images of a data set has to ask.
    """
    return path.with_stem(f"{path.stem}-sheet")


class Strip(NamedTuple):
    """A row of a picture.

    Attributes:
        images: uint8 (n, H, W, 1 or 3).
        given: whether they are of the data, and not made by a game.
    """

    label: str
    images: np.ndarray
    given: bool = False


def picture(path, rows):
    """Writes a PNG of all `rows`, and `path` with only those that a game has made.

    Args:
        path: NAME.png; the whole picture becomes its `sheet`.
        rows: of `Strip`.
    """
    _write(sheet(path), rows)
    _write(path, [row for row in rows if not row.given])


def _write(path, rows):
    lines = [(row.label, _line(row.images)) for row in rows]
    width = MARGIN + max(line.width for _, line in lines)
    drawn = Image.new("RGB", (width, sum(line.height for _, line in lines)), "white")
    pen, top = ImageDraw.Draw(drawn), 0
    for label, line in lines:
        drawn.paste(line, (MARGIN, top))
        pen.text((6, top + line.height // 2 - 6), label, "black")
        top += line.height
    with replacing(path) as temporary:
        drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(temporary, optimize=True)


def _line(images):
    colour = np.broadcast_to(images, (*images.shape[:3], 3))
    return Image.fromarray(tile(colour, 1, len(images), CELL))


def of_pairs(groups):
    """A `Table.draw` of translations that pairs taught.

    Args:
        groups: names of rows that share their images -> title of these; above and
            below what the rows `keep` as "made" are their "source" and "target".
    """

    def of(table, cells, work, path):
        rows = []
        for names, title in groups.items():
            found = {name: kept(work, name) for name in names}
            found = {name: one for name, one in found.items() if one}
            if not found:
                continue
            first = next(iter(found.values()))
            rows.append(Strip(f"{title}source", first["source"], given=True))
            rows += [Strip(name, one["made"]) for name, one in found.items()]
            rows.append(Strip(f"{title}target", first["target"], given=True))
        if rows:
            picture(path, rows)

    return of
