"""Reading of pairs of images from files."""

import itertools
import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from kgan.data.decoding import cached
from kgan.data.decoding.picture import Transform
from kgan.data.decoding.size import Shape
from kgan.data.decoding.storage import Storage
from kgan.data.shards.manifest import is_shards
from kgan.data.sources.folder import check, deep_levels
from kgan.data.sources.listing import Listing
from kgan.data.sources.splits import read_split
from kgan.errors import UserError, few, printable
from kgan.sizes import Size
from kgan.typing import Log, PathLike

HALVES = ("left", "right")


class Domains(NamedTuple):
    """The pixels of two domains, and what was not read.

    Attributes:
        a, b: uint8 (n, H, W, C) and (m, H, W, C').
        left_out: a line for each file that was left out.
        levels: of A and of B, as `kgan.data.decoding.levels.find_levels` returns them.
    """

    a: np.ndarray
    b: np.ndarray
    left_out: tuple[str, ...]
    levels: tuple[Any, ...]


def side_by_side(path: PathLike, split: str) -> tuple[Listing, Listing]:
    """Finds the files of a folder of images "A|B": the listing of A, and that of B."""
    listing = read_split(path, split)
    if not listing.files and is_shards(listing.folder):
        raise UserError(
            listing.folder, "holds shards, and no pairs", "give a folder of images A|B"
        )
    if not listing.files:
        raise UserError(
            listing.folder, "has no image", "put images A|B, side by side, into it"
        )
    return listing, listing


def equal_names(
    source: PathLike, target: PathLike, split: str
) -> tuple[Listing, Listing]:
    """Finds the files of two folders that have the same names up to the suffix.

    Args:
        source: the folder of A.
        target: the folder of B.
        split: as `kgan.data.sources.splits.read_split` takes it.

    Returns:
        Two listings, whose files are in the same order.

    Raises:
        UserError: a file without a partner.
    """
    listings = [read_split(path, split) for path in (source, target)]
    named = []
    for listing in listings:
        by_name = {_stem(listing.below(file)): file for file in listing.files}
        if len(by_name) < len(listing.files):
            raise UserError(
                listing.folder, "two files have one name but for the suffix"
            )
        named.append(by_name)
    for one, other in ((0, 1), (1, 0)):
        alone = sorted(named[one].keys() - named[other].keys())
        if alone:
            raise UserError(
                listings[one].folder,
                f"{len(alone):,} of {len(named[one]):,} images have no partner of the "
                f"same name in {listings[other].folder}: {few(map(printable, alone))}",
            )
    if not named[0]:
        raise UserError(
            listings[0].folder,
            "has no image",
            "put images of equal names into both folders",
        )
    for listing, by_name in zip(listings, named, strict=True):
        listing.files = [by_name[name] for name in named[0]]
    return listings[0], listings[1]


def _stem(parts):
    return os.path.splitext("/".join(parts))[0]


def read_pairs(
    listings: tuple[Listing, Listing],
    *,
    shape: Shape,
    channels: Sequence[int],
    storage: Storage,
    log: Log,
    levels: Sequence[Sequence[float]] = ((), ()),
) -> Domains:
    """Decodes what `side_by_side` or `equal_names` found.

    Args:
        listings: of A and of B.
        shape: the `kgan.data.decoding.size.Shape` that is asked for.
        channels: of A and of B; 0 is the images' own.
        storage: a `Storage` for the pixels.
        log: called with a line about each kind of thing that is not simply used.
        levels: of A and of B, as `find_levels` takes them.

    Returns:
        `Domains`.

    Raises:
        UserError: fewer than half of the pairs can be used.
    """
    halved = listings[0] is listings[1]
    looked = [cached.read_headers(one.paths(), log) for one in listings]
    if not halved:
        looked = _of_like_shape(*looked)
    headers = _keep(listings, looked)
    if not listings[0].files:
        check(listings[0], "pairs")
    sizes = [Size(h.height, max(1, h.width // (1 + halved))) for h in headers[0]]
    size, frames = shape.chosen(sizes), _frames(*headers)
    found, reasons, used = [], [], []
    for number, (listing, heads) in enumerate(zip(listings, headers, strict=True)):
        paths, about = listing.paths(), _about(listing, log)
        used.append(deep_levels(listing, heads, levels[number], about))
        grey = all(header.grey for header in heads)
        count = channels[number] or (1 if grey else 3)
        pixels = storage.room((len(paths), *size, count))
        half = HALVES[number] if halved else ""
        transform = Transform(size, count, shape.fit, half, used[-1])
        reasons.append(cached.read_pictures(paths, pixels, transform, about, frames))
        found.append(pixels)
    whole = [not any(both) for both in zip(*reasons, strict=True)]
    a, b = (_kept(p, why, whole) for p, why in zip(found, reasons, strict=True))
    _keep(listings, reasons)
    check(listings[0], "pairs")
    lines = _tell(listings[:1] if halved else listings, log)
    sizes = itertools.compress(sizes, whole)
    shape.announce(_name(listings, halved), sizes, size, log)
    return Domains(a, b, lines, tuple(used))


def _tell(listings, log):
    """Says what is not simply used; returns a line for each file that is left out."""
    lines = []
    for listing in listings:
        for line in listing.told():
            _about(listing, log)(line)
        lines += [f"{printable(listing.root.name)}/{one}" for one in listing.lines()]
    return tuple(lines)


def _name(listings, halved):
    a, b = (printable(one.root.resolve().name) for one in listings)
    return f"{a}, both halves" if halved else f"{a} and {b}, pairs"


def _about(listing, log):
    return lambda line: log(f"{listing.root}: {line}")


def _of_like_shape(a, b):
    """The headers of A and B; those of unlike shapes become a text that says so."""
    found = [], []
    for one, other in zip(a, b, strict=True):
        pair = one, other
        if not any(isinstance(end, str) for end in pair) and not _alike(*pair):
            sizes = (f"{end.width}x{end.height}" for end in pair)
            pair = [f"of unlike shape, {' and '.join(sizes)}"] * 2
        for column, end in zip(found, pair, strict=True):
            column.append(end)
    return found


def _alike(one, other):
    """Whether two sizes are of one shape, up to what rounding to whole pixels changes."""
    small, large = sorted((one[:2], other[:2]))
    ends = [((s - 0.5) / n, (s + 1) / n) for s, n in zip(small, large, strict=True)]
    return max(low for low, _ in ends) <= min(high for _, high in ends)


def _frames(a, b):
    """For each pair None, or the smaller size where the two sizes differ."""
    sizes = [(one.size, other.size) for one, other in zip(a, b, strict=True)]
    return [min(both) if both[0] != both[1] else None for both in sizes]


def _keep(listings, found) -> list[list[Any]]:
    """Leaves out the pairs of which one has a reason; returns what was found of the rest.

    Args:
        listings: of A and of B.
        found: for A and for B, one for each file: a text is a reason.
    """
    texts = [[x if isinstance(x, str) else None for x in one] for one in found]
    whole = [not any(both) for both in zip(*texts, strict=True)]
    for listing, own, others in zip(listings, texts, texts[::-1], strict=True):
        partners = [f"its partner is {why}" if why else None for why in others]
        listing.keep([a or b for a, b in zip(own, partners, strict=True)])
        if listings[0] is listings[1]:
            break
    return [list(itertools.compress(one, whole)) for one in found]


def _kept(pixels, reasons, whole):
    """The rows of whole pairs; `pixels` has the rows of usable files, without gaps."""
    if all(whole):
        return pixels
    rows = (np.cumsum([not why for why in reasons]) - 1)[whole]
    for place, row in enumerate(rows):  # in place: the pixels are in memory once
        pixels[place] = pixels[row]
    return pixels[: len(rows)]
