"""Rings and grids of Gaussians: how many modes a game finds (VEEGAN, PacGAN)."""

import dataclasses
from typing import Any

import keras
import numpy as np

from kgan.data.sources.points import grid, ring
from kgan.experiments.papers.table import Row, Table, slug
from kgan.experiments.papers.target import Target
from kgan.files import replacing
from kgan.metrics import mode_report
from kgan.models import GAN
from kgan.networks import points as point_networks
from kgan.objectives import NonSaturating, Relativistic, Wasserstein
from kgan.optimizers import Adam
from kgan.penalties import R1, R2, WGANGP
from kgan.schedules import Schedule
from kgan.training.steps import compiled_steps

SAMPLES = 2500
STRIP = 5  # pictures on the way
QUICK_STEPS = 1000


@dataclasses.dataclass(frozen=True)
class Method:
    """How a row plays: the arguments of `GAN` that tell it from the others."""

    options: dict[str, Any]

    @property
    def batch(self):
        """About 512, in whole packs."""
        pack = self.options.get("pack", 1)
        return 512 // pack * pack

    def build(self, seed, steps, width):
        """A compiled game that will take `steps` descents."""
        keras.utils.set_random_seed(seed)
        pack = self.options.get("pack", 1)
        game = GAN(
            point_networks.generator(width=width),
            point_networks.discriminator(pack=pack, width=width),
            ema=0.999,
            seed=seed,
            **self.options,
        )
        # XLA takes 1.5 times as long with R1.
        game.compile(
            max_optimizer=falling(steps),
            min_optimizer=falling(steps),
            jit_compile=False,
        )
        return game


def falling(steps, rate=1e-3):
    """Returns Adam with a rate that falls to 0, for samples as sharp as the modes."""
    return Adam(Schedule(rate, steps=steps, shape="cosine"), 0.5, 0.99)


GAMMA = 0.01


def _packing(pack, *penalties):
    return Method(
        {"objective": NonSaturating(), "penalties": list(penalties), "pack": pack}
    )


METHODS = {
    "GAN": _packing(1),
    **{f"PacGAN{pack}": _packing(pack) for pack in (2, 3, 4)},
    "GAN, R1": _packing(1, R1(GAMMA)),
    **{f"PacGAN{pack}, R1": _packing(pack, R1(GAMMA)) for pack in (2, 3, 4)},
    "WGAN-GP": Method(
        {"objective": Wasserstein(), "penalties": [WGANGP(0.1)], "max_steps": 5}
    ),
    "R3GAN loss": Method(
        {"objective": Relativistic(), "penalties": [R1(GAMMA), R2(GAMMA)]}
    ),
}


def measure(mixture, steps, width):
    """A `Table.measure` for games of `steps` descents on `mixture`."""

    def of(row, seed, quick, folder, log):
        method = METHODS[row.name]
        played = min(steps, QUICK_STEPS) if quick else steps
        game = method.build(seed, played, width)
        train = compiled_steps(game, mixture.draw, method.batch)
        strip, done = [], 0
        for stop in np.linspace(0, played, STRIP + 1).round().astype(int)[1:]:
            train(stop - done, (seed, done))
            strip.append((stop, game.generate(SAMPLES, seed)))
            done = stop
        _keep(folder / "strip.npz", strip)
        report = mode_report(strip[-1][1], mixture.centres, mixture.sigma)
        report["high_quality"] *= 100
        return report

    return of


def _keep(path, strip):
    path.parent.mkdir(parents=True, exist_ok=True)
    steps, points = zip(*strip, strict=True)
    with replacing(path) as temporary:
        np.savez_compressed(
            temporary, steps=steps, points=np.asarray(points, np.float16)
        )


def _rows(paper):
    return tuple(Row(name, paper.get(name, {})) for name in METHODS)


def _paper(modes, high_quality, reverse_kl=""):
    return {"modes": modes, "high_quality": high_quality, "reverse_kl": reverse_kl}


COLUMNS = {
    "modes": "{:.1f}".format,
    "high_quality": "{:.1f} %".format,
    "reverse_kl": "{:.2f}".format,
}

SHARED = (
    "To get by with so few steps: 3 x 128 units (leaky ReLU in D) from He's start, no "
    + "batch norm; Adam's rate falls from 1e-3 to 0; samples come from a moving average "
    + "of G.",
    "High quality and a mode as in VEEGAN: within 3 standard deviations of the nearest "
    + "centre; 2,500 samples. Reverse KL over the high-quality samples.",
    "Not in PacGAN's table: the rows with R1 (gamma 0.01), WGAN-GP (5 critic steps, "
    + "lambda 0.1) and R3GAN's loss (relativistic, R1 + R2 with gamma 0.01).",
)
QUICK = (f"{QUICK_STEPS:,} steps, one seed.",)
WIDTH = 128


def _table(name, title, mixture, steps, seeds, aim, paper):
    return Table(
        name=name,
        title=title,
        columns=COLUMNS,
        rows=_rows(paper),
        measure=measure(mixture, steps, WIDTH),
        departures=(
            f"{steps:,} steps at batch 512 instead of 400,000 at 100.",
            *SHARED,
        ),
        quick=QUICK,
        seeds=seeds,
        draw=draw(mixture),
        targets=tuple(
            Target(row, column, ">=", bound)
            for row in ("PacGAN2", "R3GAN loss")
            for column, bound in (("modes", aim), ("high_quality", 80.0))
        ),
    )


def draw(mixture):
    """A `Table.draw`: a row per method, its samples on the way from left to right."""

    def of(table, cells, folder, path):
        from matplotlib.figure import Figure

        rows = [r for r in table.rows if (_strip(folder, r)).exists()]
        figure = Figure((1.5 * STRIP, 1.6 * len(rows)), layout="constrained")
        axes = figure.subplots(len(rows), STRIP, squeeze=False)
        bound = 1.3 * np.abs(mixture.centres).max()
        for row, line in zip(rows, axes, strict=True):
            with np.load(_strip(folder, row)) as strip:
                pictures = list(zip(strip["steps"], strip["points"], strict=True))
            for (step, points), axis in zip(pictures, line, strict=True):
                axis.scatter(*points[::3].T, s=0.4, linewidths=0)
                axis.scatter(*mixture.centres.T, s=3, c="r", marker="+", linewidths=0.4)
                axis.set(xlim=(-bound, bound), ylim=(-bound, bound))
                axis.set(xticks=[], yticks=[], aspect="equal")
                axis.set_title(f"{row.name}, {step:,}", fontsize=6)
        with replacing(path) as temporary:
            figure.savefig(temporary, dpi=80)

    return of


def _strip(folder, row):
    return folder / f"{slug(row.name)}-0" / "strip.npz"


RING = _table(
    "ring",
    "8 Gaussians on a ring (VEEGAN Table 1, PacGAN Table 1)",
    ring(),
    5000,
    3,
    7.8,
    {
        "GAN": _paper("6.3 ± 0.5", "98.2 %", "0.45"),
        "PacGAN2": _paper("7.9 ± 0.1", "95.6 %", "0.07"),
    },
)
GRID = _table(
    "grid",
    "25 Gaussians on a grid (VEEGAN Table 2, PacGAN Table 1)",
    grid(),
    20_000,
    2,
    24.0,
    {
        "GAN": _paper("17.3 ± 0.8", "94.8 %", "0.70"),
        "PacGAN2": _paper("23.8 ± 0.7", "91.3 %", "0.13"),
        "PacGAN4": _paper("24.8 ± 0.2", "93.6 %", "0.04"),
    },
)
