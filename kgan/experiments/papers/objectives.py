"""Eight objectives at one budget (the idea of Lucic 2018: are GANs created equal?)."""

import functools

from kgan import evaluation, objectives, penalties
from kgan.config import Config
from kgan.experiments.papers.runs import first, trained
from kgan.experiments.papers.table import Row, Table
from kgan.models import GAN
from kgan.networks import dcgan
from kgan.optimizers import Adam

UPDATES, WIDTH, SAMPLES = 1000, 16, 10_000
QUICK_UPDATES, QUICK_SAMPLES = 20, 2000
DATASETS = {"mnist": "FID-mnist", "fashion_mnist": "FID-fashion_mnist"}


def build(make):
    """A builder of the row's game; `make` gives the arguments that tell it apart."""

    def of(config, spec):
        game = GAN(
            dcgan.generator(config.latent, spec.shape, width=config.width),
            # Without batch norm, which gradient penalties forbid: one D for all.
            dcgan.discriminator(spec.shape, width=config.width, norm="none"),
            seed=config.seed,
            **make(),
        )
        game.compile(
            max_optimizer=Adam(config.discriminator_rate, 0.5),
            min_optimizer=Adam(config.generator_rate, 0.5),
        )
        return game

    return of


@functools.cache
def _reference(dataset, shape, cache, log):
    return evaluation.reference(dataset, shape, cache=cache, log=log)


def measure(row, seed, quick, folder, log):
    """The Frechet distance on each data set, by its own classifier's features."""
    found = {}
    for dataset, column in list(DATASETS.items())[: 1 if quick else None]:
        config = Config(
            batch_size=64,
            updates=QUICK_UPDATES if quick else UPDATES,
            width=WIDTH,
            grids=5,
            seed=seed,
        )
        make = build(row.options["make"])
        split = first(QUICK_UPDATES, config.batch_size) if quick else "train"
        game = trained(
            "objectives", make, config, folder / dataset, log, dataset, split
        )
        source = evaluation.GameSource(game)
        real = _reference(dataset, source.shape, folder.parent / "classifiers", log)
        count = QUICK_SAMPLES if quick else SAMPLES
        name, value = evaluation.distance(source, real, n=count, seed=seed)
        if name != column:
            raise ValueError(f"{dataset} is measured as {name}, not as {column}")
        found[column] = value
    return found


def _paper(mnist, fashion):
    told = (f"{mnist} (Inception)", f"{fashion} (Inception)")
    return dict(zip(DATASETS.values(), told, strict=True))


OBJECTIVES = {
    "minimax": (lambda: {"objective": objectives.Minimax()}, _paper(9.8, 29.6)),
    "non-saturating": (
        lambda: {"objective": objectives.NonSaturating()},
        _paper(6.8, 26.5),
    ),
    "least squares": (
        lambda: {"objective": objectives.LeastSquares()},
        _paper(7.8, 30.7),
    ),
    "WGAN": (
        lambda: {"objective": objectives.Wasserstein(), "clip_weights": 0.05},
        _paper(6.7, 21.5),
    ),
    "WGAN-GP": (
        lambda: {
            "objective": objectives.Wasserstein(),
            "penalties": [penalties.WGANGP(10.0)],
        },
        _paper(20.3, 24.5),
    ),
    "DRAGAN": (
        lambda: {
            "objective": objectives.NonSaturating(),
            "penalties": [penalties.DRAGAN(10.0)],
        },
        _paper(7.6, 27.7),
    ),
    "hinge": (lambda: {"objective": objectives.Hinge()}, {}),
    "relativistic": (lambda: {"objective": objectives.Relativistic()}, {}),
}

TABLE = Table(
    name="objectives",
    title="Eight objectives, one network, one budget (after Lucic 2018)",
    columns=dict.fromkeys(DATASETS.values(), "{:.1f}".format),
    rows=tuple(
        Row(name, paper, {"make": make}) for name, (make, paper) in OBJECTIVES.items()
    ),
    measure=measure,
    departures=(
        "The paper's numbers are Inception FIDs after a wide search of the parameters; ours "
        + "are of a classifier of the data set itself: compare ranks, not values.",
        f"One setting for all: DCGAN nets of width {WIDTH}, D without normalisation, "
        + f"{UPDATES:,} updates at batch 64, one ascent of D per descent, Adam 2e-4.",
        "It says which objective did best in this setting, and no more.",
    ),
    quick=(
        f"{QUICK_UPDATES} updates, {QUICK_SAMPLES:,} samples, one data set, one seed.",
    ),
    seeds=3,
    ranked=True,
    lower=tuple(DATASETS.values()),
    headline=("non-saturating", DATASETS["mnist"]),
)
