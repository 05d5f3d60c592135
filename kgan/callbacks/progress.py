"""The progress bar."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import keras
from tqdm import tqdm

IN_NOTEBOOK = {"mininterval": 0.5}


class Progress(keras.callbacks.Callback):
    """One bar for the whole run: losses, D's answers and the speed.

    On a terminal and in a notebook the bar moves in place; into a file or pipe go about
    fifty lines for the whole run.

    Args:
        examples_per_step: real examples that one step takes.
        names: the logs to show.
        unit: what the examples are, such as "images".
    """

    def __init__(
        self, examples_per_step: float, names: Sequence[str], unit: str = "images"
    ) -> None:
        super().__init__()
        self.examples_per_step, self.names = examples_per_step, names
        self.unit = unit

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._bar: Any = None

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._steps_before = self.params["steps"] * epoch

    def on_train_batch_begin(
        self, batch: int, logs: dict[str, Any] | None = None
    ) -> None:
        if self._bar is None:
            steps, epochs = self.params["steps"], self.params["epochs"]
            notebook = InPlace.found()
            self._moves = notebook is not None or sys.stderr.isatty()
            self._every = max(1, epochs // 50)
            shape: Any = IN_NOTEBOOK if notebook else {"dynamic_ncols": True}
            self._bar = tqdm(
                total=steps * epochs * self.examples_per_step,
                initial=(self._steps_before + batch) * self.examples_per_step,
                unit=f" {self.unit}",
                unit_scale=True,
                disable=not self._moves,
                file=notebook or sys.stderr,
                **shape,
            )
            self._started = 0.0  # it has not

    def on_train_batch_end(
        self, batch: int, logs: dict[str, Any] | None = None
    ) -> None:
        done = (self._steps_before + batch + 1) * self.examples_per_step
        if not self._started:
            # The first step compiles: what comes after it tells the speed.
            self._started, self._first = time.perf_counter(), done
        self._done = done
        if self._moves:
            self._bar.update(done - self._bar.n)
            self._bar.set_postfix_str(self._text(logs), refresh=False)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        last = epoch + 1 == self.params["epochs"]
        if not self._moves and (last or epoch % self._every == 0):
            line = f"epoch {epoch + 1}/{self.params['epochs']}: {self._text(logs)}"
            print(line + self._speed(), file=sys.stderr, flush=True)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        if self._bar is not None:
            self._bar.close()

    def _speed(self):
        if self._done == self._first:
            return ""  # all was compilation so far
        speed = (self._done - self._first) / (time.perf_counter() - self._started)
        return f", {speed:,.0f} {self.unit}/s"

    def _text(self, logs):
        return ", ".join(f"{name} {logs[name]:.3f}" for name in self.names)


class InPlace:
    """A text stream of which a notebook shows the newest line, always in one place.

    Args:
        display: `IPython.display.display`.
    """

    encoding = "utf-8"  # by which tqdm knows that it may draw its bar

    def __init__(self, display: Callable[..., Any]) -> None:
        self._shown = display({"text/plain": ""}, raw=True, display_id=True)

    @classmethod
    def found(cls) -> "InPlace | None":
        """Returns a stream in the notebook that the code runs in; None outside of one."""
        ipython: Any = sys.modules.get("IPython")
        shell = ipython.get_ipython() if ipython else None
        return cls(ipython.display.display) if hasattr(shell, "kernel") else None

    def write(self, text: str) -> None:
        """Shows the text in place of the one before."""
        line = text.strip("\r\n")
        if line.strip():
            self._shown.update({"text/plain": line}, raw=True)

    def flush(self) -> None:
        """Does nothing: what was written is shown already."""
