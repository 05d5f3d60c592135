"""A run's TensorBoard events, in one hand."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tensorflow as tf

from kgan.callbacks.resumable import Resumable
from kgan.files import cut, writing
from kgan.typing import Log, PathLike


class TensorBoardWriter(Resumable):
    """The writers below WORKDIR/tensorboard, one for each run that TensorBoard lists.

    Other callbacks write through it. It comes last of them.

    Args:
        workdir: the run's folder.
        log: called with one line when events are lost that a checkpoint counts on.
    """

    def __init__(self, workdir: PathLike, log: Log = print) -> None:
        super().__init__()
        self.workdir, self.log = Path(workdir), log
        self.folder = self.workdir / "tensorboard"
        self._writers = {}

    @contextlib.contextmanager
    def at(self, name: str, step: int) -> Iterator[None]:
        """Inside, `tf.summary` writes to the run `name` at `step`."""
        with writing(self.folder):
            if name not in self._writers:
                self._writers[name] = tf.summary.create_file_writer(
                    str(self.folder / name)
                )
            with self._writers[name].as_default(step=step):
                yield

    def flush(self) -> None:
        """Writes what is held back to the disk."""
        with writing(self.folder):
            for writer in self._writers.values():
                writer.flush()

    def state(self) -> dict[str, Any]:
        self.flush()
        files = self._files()
        return {str(f.relative_to(self.folder)): f.stat().st_size for f in files}

    def resume(self, state: dict[str, Any] | None) -> None:
        known = state or {}
        lost = [name for name in known if not (self.folder / name).exists()]
        for file in self._files():
            name = str(file.relative_to(self.folder))
            if name not in known:
                file.unlink()
            elif cut(file, known[name]):
                lost.append(name)
        if lost:
            self.log(f"{self.folder}: {', '.join(lost)} has lost events")

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        with writing(self.folder):
            for writer in self._writers.values():
                writer.close()

    def _files(self):
        return sorted(self.folder.rglob("events.out.tfevents.*"))
