"""Telling the folders of users from the names of data sets."""

import os
import re
from pathlib import Path

from kgan.data.decoding.formats import SUFFIXES_OF
from kgan.data.sources.catalog import is_known
from kgan.errors import UserError
from kgan.typing import PathLike

ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
OF_FILES = (*ARCHIVES, *(suffix for known in SUFFIXES_OF.values() for suffix in known))
OF_WINDOWS = re.compile(r"(?P<drive>[A-Za-z]):[\\/](?P<rest>.*)")


def is_folder(dataset: str) -> bool:
    """Whether `dataset` means a folder, there or not, and not the name of a data set."""
    if dataset.startswith((".", "~", os.sep)) or "://" in dataset or "\\" in dataset:
        return True
    if OF_WINDOWS.match(dataset) or dataset.lower().endswith(OF_FILES):
        return True
    # "emnist/letters" is a data set, "photos/letters" a folder.
    return (os.sep in dataset or os.path.exists(dataset)) and not is_known(dataset)


def existing_folder(path: PathLike) -> Path:
    """Returns a path as a folder that is there; a leading ~ is the home folder.

    Raises:
        UserError: there is no such folder; the line says what there is instead.
    """
    root, text = Path(path).expanduser(), str(path)
    if root.is_dir():
        return root
    archive = text.lower().endswith(ARCHIVES)
    if root.exists() and archive:
        raise UserError(root, "is an archive", "unpack it, and give its folder")
    if root.exists():
        raise UserError(root, "is a file", "give the folder that holds the images")
    if "://" in text:
        raise UserError(
            text, "is an address", "fetch the images yourself, and give their folder"
        )
    windows = OF_WINDOWS.match(text)
    if os.sep == "/" and (windows or "\\" in text):
        hint = "give a folder of this machine"
        if windows:
            rest = windows["rest"].replace("\\", "/")
            hint += f"; under WSL that is /mnt/{windows['drive'].lower()}/{rest}"
        raise UserError(text, "is a path of Windows, and not there", hint)
    hint = "unpack the archive, and give its folder" if archive else ""
    raise UserError(root, "does not exist", hint or "give a folder of images")
