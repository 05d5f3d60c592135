"""Finding a data set of TensorFlow Datasets by name, without the network.

TFDS is imported inside of the functions: it costs start-up time that a folder
of images does not need.
"""

import contextlib
import difflib
import logging
import os
import pathlib
import re
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from kgan import loggers
from kgan.errors import UserError
from kgan.typing import Log, PathLike

if TYPE_CHECKING:
    from tensorflow_datasets.core import DatasetBuilder

# "mnist", "cifar10:3.0.2", "emnist/letters", "emnist/letters:3.1.0". What TFDS
# also takes, "namespace:name", would look for its namespaces on the network.
NAME = re.compile(r"(?P<name>\w+)(/[\w.=,+-]+)?(:[\d.*]+)?")

LONGEST_REASON = 300


def tfds_folder(data_dir: PathLike | None = None) -> pathlib.Path:
    """Return `data_dir`, else TFDS_DATA_DIR, else TFDS's default, as a path."""
    folder = data_dir or os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets"
    return pathlib.Path(folder).expanduser()


def is_known(dataset: str) -> bool:
    """Whether `dataset` starts with the name of a data set that can be loaded."""
    found = NAME.fullmatch(dataset)
    return bool(found) and found["name"] in _known_names()


def find_builder(
    dataset: str,
    *,
    data_dir: PathLike | None = None,
    download: bool = False,
    log: Log = print,
) -> "DatasetBuilder":
    """Return the TFDS builder of a prepared data set.

    Args:
        dataset: "name", "name/config", "name:version" or "name/config:version".
        data_dir: folder with prepared sets; None as in `tfds_folder`.
        download: whether to fetch and prepare it if it is not there; nothing
            else touches the network.
        log: called with one line before a download.

    Raises:
        UserError: if the name is unknown, the set has no images, or it is
            neither there nor fetched.
    """
    folder = tfds_folder(data_dir)
    builder = _builder(dataset, folder)
    # First of all: nobody should download a set of texts to be told.
    image_feature(builder)
    with quiet_tfds():
        prepared = builder.is_prepared()
    if prepared:
        return builder
    if not download:
        raise UserError(
            dataset,
            f"is not prepared in {folder}",
            "`download` fetches it, or `data_dir` names the folder that holds it",
        )
    log(f"downloading {dataset} into {folder}")
    try:
        builder.download_and_prepare()
    # Servers, checksums, disks, missing packages: whatever it is, this run
    # cannot go on, and the first line tells the user more than a traceback.
    except Exception as error:
        raise UserError(
            dataset,
            f"could not be downloaded into {folder} ({_one_line(error)})",
            exit_code=1,
        ) from error
    return builder


@contextlib.contextmanager
def quiet_tfds() -> Iterator[None]:
    """Keep TFDS's progress bars and its informational log lines off."""
    import tensorflow_datasets as tfds

    tfds.disable_progress_bar()
    try:
        with loggers.quiet("absl", logging.ERROR):
            yield
    finally:
        tfds.enable_progress_bar()


def image_feature(builder: "DatasetBuilder") -> str:
    """Return the name of the feature that holds pictures, or raise a UserError."""
    import tensorflow_datasets as tfds

    # Not its subclasses: those are masks, whose values are no colours.
    names = [
        name
        for name, feature in builder.info.features.items()
        if type(feature) is tfds.features.Image
        and feature.np_dtype in (np.uint8, np.uint16)
    ]
    if not names:
        raise UserError(
            builder.name,
            f"has no images, only {', '.join(builder.info.features)}",
            "choose another data set",
        )
    return "image" if "image" in names else names[0]


def _known_names():
    import tensorflow_datasets as tfds

    # With those of the community, this would ask a server.
    return {"digits", *tfds.list_builders(with_community_datasets=False)}


def _builder(dataset, folder):
    import tensorflow_datasets as tfds

    found = NAME.fullmatch(dataset)
    # A set that was prepared here can be read without knowing its code.
    if not found or not (is_known(dataset) or (folder / found["name"]).is_dir()):
        raise _unknown(dataset)
    try:
        with quiet_tfds():
            return tfds.builder(dataset, data_dir=folder)
    # An unknown config or version is a ValueError or an AssertionError; sets
    # that need packages which are not installed raise an ImportError.
    except (ValueError, AssertionError, ImportError, OSError) as error:
        raise UserError(dataset, f"cannot be used ({_one_line(error)})") from error


def _unknown(dataset):
    name = re.split("[/:]", dataset)[0].lower()
    close = difflib.get_close_matches(name, _known_names(), n=3)
    hint = f"did you mean {', '.join(close)}?" if close else "try digits or mnist"
    return UserError(
        dataset,
        "is no data set, nor a folder that is there",
        f"{hint} (a folder that has the name of a data set is written as ./name)",
    )


def _one_line(error):
    text = " ".join(str(error).split()) or type(error).__name__
    # TFDS puts the whole call in front of the cause.
    text = re.sub(
        r'^Failed to construct dataset ".*?", builder_kwargs ".*?": ', "", text
    )
    return textwrap.shorten(text, LONGEST_REASON, placeholder=" ...")
