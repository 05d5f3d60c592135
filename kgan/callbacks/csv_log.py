"""A CSV log that is cut back to the checkpoint when a run resumes."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kgan.callbacks.resumable import Resumable
from kgan.files import cut, writing
from kgan.typing import Log, PathLike


class CSVLog(Resumable):
    """A CSV file of numbers, to which rows are added; the first row sets the columns.

    Args:
        path: of the file.
        first: names of the columns that come first.
        log: called with one line when rows newer than the checkpoint were cut off.
    """

    def __init__(self, path: PathLike, first: Iterable[str], log: Log = print) -> None:
        super().__init__()
        self.path, self.first, self.log = Path(path), list(first), log

    def state(self) -> dict[str, Any]:
        return {"bytes": self.path.stat().st_size}

    def resume(self, state: dict[str, Any] | None) -> None:
        lost = cut(self.path, state["bytes"] if state else 0)
        if lost:
            self.log(f"{self.path}: {lost} bytes are gone, and rows with them")

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        with writing(self.path):
            self.path.touch()

    def add(self, row: dict[str, float]) -> None:
        """Writes a row.

        Args:
            row: a dict, column -> number. Columns that the first row did not have are
                left out; missing ones are written as nan.
        """
        with (
            writing(self.path),
            open(self.path, "a+", newline="", encoding="utf-8") as file,
        ):
            file.seek(0)
            columns = next(csv.reader(file), None)
            new = columns or [*self.first, *sorted(row.keys() - set(self.first))]
            writer = csv.DictWriter(file, new, restval="nan", extrasaction="ignore")
            if not columns:
                writer.writeheader()
            writer.writerow(row)
