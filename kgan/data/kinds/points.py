"""The kind of points on a line, in a plane or in space."""

from collections.abc import Sequence

import numpy as np

from kgan.data.kinds.kind import Kind

MARGIN = 1.4  # of a scatter plot, times the largest coordinate of the real data


class Points(Kind):
    """Points, stored as float32 (d,); networks take them as they are."""

    name = "points"
    plural = "points"
    rank = 1
    grid = (1, 1000)  # one plot of all

    def picture(
        self,
        values: np.ndarray,
        columns: int,
        real: np.ndarray | None = None,
        titles: Sequence[str] = (),
    ) -> np.ndarray:
        """Returns a scatter plot of the first two coordinates; real data are grey."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        values = np.asarray(values)
        shown = values if real is None else np.asarray(real)
        bound = MARGIN * max(float(np.abs(shown).max()), 1e-6)
        figure = Figure((4, 4), dpi=90, layout="constrained")
        axis = figure.subplots()
        if real is not None:
            axis.scatter(*_coordinates(real), s=6, c="0.75", linewidths=0, label="real")
        axis.scatter(
            *_coordinates(values), s=4, c="C0", linewidths=0, label="generated"
        )
        axis.set(xlim=(-bound, bound), ylim=(-bound, bound), aspect="equal")
        axis.legend(loc="upper right", fontsize=8)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[..., :3].copy()

    def describe(self, shape: tuple[int, ...]) -> str:
        return f"points of {shape[0]} coordinates"


def _coordinates(points):
    """The x and y of points (n, d); y is 0 on a line."""
    points = np.asarray(points)
    return points[:, 0], points[:, 1] if points.shape[1] > 1 else 0.0 * points[:, 0]
