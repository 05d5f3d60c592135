"""Trained classifiers on disk, named after everything that determines them."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np


def digest(*parts: Any) -> str:
    """Returns the SHA-256, in hexadecimal, of arrays and of values that JSON can hold.

    Of an array its type, shape and content count; of one in shards the digest that it
    has stands for the content.
    """
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            total.update(f"{part.dtype} {part.shape}".encode())
            total.update(np.ascontiguousarray(part).data)
        elif hasattr(part, "digest"):
            total.update(f"{part.dtype} {part.shape} {part.digest}".encode())
        else:
            total.update(json.dumps(part, sort_keys=True).encode())
    return total.hexdigest()


class ClassifierCache:
    """Keeps one classifier in the directory `folder`, or nowhere if that is None.

    It has two files: `classifier-<key>.weights.h5`, and `classifier-<key>.json` with the
    accuracy, the digest of the test images on which it was measured, and the checksum
    of the weights, which reveals a flipped bit. Errors of the disk are not raised; each
    is logged by `log`.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str] | None,
        key: str,
        log: Callable[[str], None],
    ) -> None:
        self._folder = None if folder is None else Path(folder)
        self._weights = f"classifier-{key}.weights.h5"
        self._record = f"classifier-{key}.json"
        self._say = log

    def load(self, network: keras.Model) -> dict[str, Any] | None:
        """Loads the weights of `network`, and returns their record or None.

        The record is {"accuracy", "test", "weights"}. None means that there is nothing
        usable; the network's weights are then undefined.
        """
        if self._folder is None:
            return None
        try:
            if not (self._folder / self._weights).exists():
                return None
            record = json.loads((self._folder / self._record).read_text())
            if record["weights"] != _checksum(self._folder / self._weights):
                raise ValueError("the weights do not have the recorded checksum")
            record["accuracy"] = float(record["accuracy"])
            network.load_weights(self._folder / self._weights)
        # KeyError and TypeError: the record is JSON, but not one of ours.
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._say(f"classifier: training anew, the cache is unusable ({error})")
            return None
        return record

    def store(self, network: keras.Model, accuracy: float, test: str) -> None:
        """Writes both files, each whole or not at all.

        `test` is the digest of the test images.
        """
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Inside the folder: a rename is atomic only on one file system.
            with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
                self._write(self._folder, Path(scratch), network, accuracy, test)
        except OSError as error:
            self._say(f"classifier: not kept for the next time ({error})")

    def _write(self, folder: Path, scratch: Path, network, accuracy, test) -> None:
        """Writes both files to `scratch`, then moves them into `folder`."""
        network.save_weights(scratch / self._weights)
        record = {"accuracy": accuracy, "test": test}
        record["weights"] = _checksum(scratch / self._weights)
        (scratch / self._record).write_text(json.dumps(record, indent=2) + "\n")
        for name in (self._weights, self._record):
            os.replace(scratch / name, folder / name)


def _checksum(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
