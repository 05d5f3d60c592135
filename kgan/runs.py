"""A run in a workdir, as Python users see it: its game, its losses and its health."""

import base64
import csv
import functools
import html
import io
from pathlib import Path
from typing import Any

import numpy as np

from kgan import health, variants
from kgan.errors import UserError
from kgan.export.saved_model import export_generator
from kgan.game import Game
from kgan.training.record import Record
from kgan.training.restore import restore
from kgan.typing import PathLike


class Run:
    """A run in a workdir, as `kgan.train` returns it.

    In a notebook a run shows its newest samples, its losses and its health.

    Args:
        workdir: the folder of the run.
        game: the trained game; by default it is loaded from the workdir when it is
            first asked for.
        record: of the run; by default it is read from the workdir.

    Attributes:
        workdir: the folder, a `pathlib.Path`.

    Raises:
        UserError: no run is kept in `workdir`.

    Example:
        run = kgan.train("gan", epochs=2, workdir="runs/first")
        run.history["D/loss"]  # one number per epoch
        run.generate(16, seed=0)  # uint8 (16, 8, 8, 1)
    """

    def __init__(
        self,
        workdir: PathLike,
        game: Game | None = None,
        record: Record | None = None,
    ) -> None:
        self.workdir: Path = Path(workdir)
        self.record: Record = record or Record.read(workdir)
        if game is not None:
            self.game = game

    @functools.cached_property
    def game(self) -> Game:
        """The trained game, a `kgan.Game`."""
        found, _ = restore(self.workdir, variants.load)
        return found

    def generate(self, n: int = 1, seed: int = 0, **controls: Any) -> np.ndarray:
        """Generates samples: `run.game.generate`."""
        return self.game.generate(n, seed, **controls)

    def export(self, path: PathLike) -> None:
        """Writes the generator as a SavedModel, which works without kgan.

        Args:
            path: the folder to write.
        """
        export_generator(self.game, path)

    @property
    def history(self) -> dict[str, list[float]]:
        """The means of each epoch: name -> list of floats, such as "G/loss"."""
        path = self.workdir / "history.csv"
        if not path.exists():
            return {}
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return {k: [float(row[k]) for row in rows] for k in (rows[0] if rows else ())}

    @property
    def health(self) -> str:
        """The verdicts of the checks: a line for each new one, and one for the last."""
        try:
            checks = health.read(self.workdir)
        except UserError:
            return "health: not checked"
        return "\n".join(health.lines(checks, self.record.config))

    @property
    def picture(self) -> Path | None:
        """The path of the newest grid of samples; None for a run without pictures."""
        found = sorted((self.workdir / "samples").glob("epoch-*.png"))
        return found[-1] if found else None

    def __repr__(self) -> str:
        told = f"{self.record.variant} on {self.record.dataset}, {self._epochs}"
        return f"<Run {self.workdir}: {told}>"

    def _repr_png_(self):
        return self.picture.read_bytes() if self.picture else None

    def _repr_html_(self):
        title = f"{self.record.variant} on {self.record.dataset}: {self._epochs}"
        parts = [f"<p><b>{html.escape(title)}</b></p>"]
        if self.picture:
            parts.append(_embedded(self.picture.read_bytes(), "samples"))
        losses = {k: v for k, v in self.history.items() if k.endswith("/loss")}
        if losses:
            parts.append(_embedded(_curves(losses), "losses"))
        told = html.escape(self.health).replace("\n", "<br>")
        return "\n".join([*parts, f"<p>{told}</p>"])

    @property
    def _epochs(self):
        done = len(self.history.get("epoch", ()))
        return f"{done} of {self.record.config['epochs']} epochs"


def _curves(series):
    """A drawing of series, name -> numbers per epoch, as the bytes of a PNG."""
    from matplotlib.figure import Figure  # a run that is not shown does without

    figure = Figure(figsize=(6, 2.5), layout="constrained")
    axes = figure.subplots()
    for name, values in series.items():
        axes.plot(np.arange(1, len(values) + 1), values, label=name)
    axes.set_xlabel("epoch")
    axes.legend()
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=100)
    return drawn.getvalue()


def _embedded(png, told):
    data = base64.b64encode(png).decode()
    return f'<img src="data:image/png;base64,{data}" alt="{told}">'
