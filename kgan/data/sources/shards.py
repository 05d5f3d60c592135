"""Data sets in shards, as `kgan.data.shards.prepare` wrote them."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from kgan.data.dataset import Dataset
from kgan.data.decoding.levels import typed
from kgan.data.decoding.size import Shape
from kgan.data.shards import manifest
from kgan.data.sources.captions import NOTHING, Asked
from kgan.data.sources.places import is_folder
from kgan.data.sources.splits import SPELLINGS
from kgan.errors import UserError
from kgan.sizes import Size
from kgan.typing import PathLike


def place_of_shards(dataset: PathLike) -> Path | None:
    """Returns the folder of shards that is meant, or None for data of another sort."""
    root = Path(dataset).expanduser()
    found = is_folder(str(dataset)) and root.is_dir() and manifest.is_shards(root)
    return root if found else None


def split_names(root: Path) -> tuple[str, ...]:
    """Returns the names of the splits in a folder of shards."""
    return tuple(manifest.read(root)["splits"])


def load_shards(
    root: Path,
    split: str,
    shape: Shape,
    levels: Sequence[float] = (),
    asked: Asked = NOTHING,
) -> Dataset:
    """Returns the data set of one split; its pictures stay where they are.

    Args:
        root: the folder.
        split: such as "train".
        shape: the `kgan.data.decoding.size.Shape` that is asked for.
        levels: the two values of pictures with more than 8 bits that are asked for.
        asked: what is wanted of captions and attributes.

    Raises:
        UserError: a file is missing or damaged, there is no such split, or the shards
            were prepared in another way than is asked for.
    """
    plain = manifest.read(root)
    named, splits = SPELLINGS.get(split.lower(), split), plain["splits"]
    if named not in splits:
        raise UserError(
            f"split={split}", f"{root} has the splits {' and '.join(splits)}"
        )
    data = manifest.dataset(root / named, splits[named])
    _check_shape(root, data, shape)
    if shape.fit not in ("crop", plain["asked"].get("fit")):
        raise _other(root, f"fit={shape.fit}", plain["asked"].get("fit"))
    known = data.levels.get("real", ())
    if levels and tuple(levels) != known:
        told = f"range={typed(known)}" if known else "8 bits"
        raise _other(root, f"range={typed(levels)}", told)
    return _wanted(root, data, asked)


def _check_shape(root, data, shape):
    """Raises UserError if the pictures have another shape than is asked for."""
    *size, channels = data.spec.shape
    size = Size(*size)
    if shape.asked and shape.size != size:
        raise _other(root, f"image_size={shape.size}", f"image_size={size}")
    if shape.channels not in (0, channels):
        raise _other(root, f"channels={shape.channels}", f"channels={channels}")
    if shape.drawable is not None:
        try:
            shape.drawable.check("The network", size)
        except ValueError as error:
            raise UserError(root, f"prepared with image_size={size}: {error}") from None


def _other(root, asked, there):
    return UserError(
        asked,
        f"{root} was prepared with {there}",
        "leave it out, or prepare the data in this way into another folder",
    )


def _wanted(root, data, asked):
    """The data set with those of its captions and attributes that are asked for."""
    if asked.captions and not asked.like and "caption" not in data:
        raise UserError(root, "has no captions", "prepare the folder with `captions`")
    if asked.attributes and not data.attributes and "label" not in data:
        raise UserError(
            root, "has no attributes", "prepare the folder with `attributes`"
        )
    if asked.captions:
        return data
    group = {k: v for k, v in data.groups[0].items() if k != "caption"}
    fields = {k: v for k, v in data.fields.items() if k != "caption"}
    attributes = data.attributes if asked.attributes else {}
    return dataclasses.replace(
        data, fields=fields, groups=(group,), alternatives={}, attributes=attributes
    )
