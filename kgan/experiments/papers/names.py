"""First names: two GANs of text, a language model, and tables of n-grams."""

import functools
from typing import Any

import numpy as np

from kgan.data import Dataset
from kgan.data.kinds import Lines
from kgan.data.sources.arrays import Columns, one_group
from kgan.experiments.papers.folders import find
from kgan.experiments.papers.runs import trained_variant
from kgan.experiments.papers.table import Row, Table, slug
from kgan.experiments.papers.target import Target
from kgan.files import write_text
from kgan.metrics import NGrams, line_report
from kgan.models import Text

NAME = "names"
LEARNED, SAMPLES, SHOWN = 26_000, 5000, 40
UPDATES, CRITIC_STEPS = 4000, 5
OF_TIME = ("updates", "warm_up")
QUICK_LINES, QUICK_UPDATES, QUICK_SAMPLES = 1280, 10, 500


@functools.cache
def lines() -> tuple[list[str], list[str]]:
    """Returns the names to learn from, and those that are held out."""
    path = find(NAME, NAME) / "names.txt"
    # Each name once: else names that are held out are learned as well.
    every = [*dict.fromkeys(path.read_text(encoding="utf-8").split())]
    order = np.random.default_rng(0).permutation(len(every))
    mixed = [every[i] for i in order]
    learned = min(LEARNED, 9 * len(mixed) // 10)
    return mixed[:learned], mixed[learned:]


def measure(row, seed, quick, folder, log):
    """Returns how the names of a row compare with those that it learned from."""
    train, held = lines()
    count = QUICK_SAMPLES if quick else SAMPLES
    found = {}
    if "n" in row.options:
        model = NGrams(train, row.options["n"])
        drawn = model.draw(count, seed)
        found["nats"] = model.nats(held)
    elif "run" in row.options:
        game, kind = _trained(row, seed, quick, folder, log)
        controls = row.options.get("controls", {})
        drawn = kind.decode(game.generate(count, seed, **controls))
        if isinstance(game, Text) and not controls:
            found["nats"] = _nats(game, kind, held)
    else:
        drawn = held
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "names.txt", "".join(f"{line}\n" for line in drawn[:SHOWN]))
    report = line_report(drawn, train)
    return {COLUMN_OF[name]: value for name, value in report.items()} | found


def _trained(row, seed, quick, folder, log):
    """The game of a row, and the kind of its lines; rows of one run share it."""
    fields = RUNS[row.options["run"]]
    if quick:
        scaled = {
            k: v * QUICK_UPDATES // UPDATES for k, v in fields.items() if k in OF_TIME
        }
        fields = fields | scaled
    data = dataset(quick)
    place = folder.parent / f"{slug(row.options['run'])}-{seed}-run"
    fields = fields | {"seed": seed, "grids": 10}
    game = trained_variant("text", fields, data, place, log)
    return game, data.fields["real"].kind


def dataset(quick: bool) -> Dataset:
    """Returns the data set of the names to learn from, with the others held out."""
    train, held = lines()
    train = train[:QUICK_LINES] if quick else train
    kind = Lines.fitted(train, characters=True)
    held = [line for line in held if kind.knows(line)]
    length = max(map(len, (*train, *held)))
    parts: list[Columns] = [
        {"real": (kind.encode(some, length), kind)} for some in (train, held)
    ]
    return one_group(NAME, parts[0], held_out=one_group(NAME, parts[1]))


def _nats(game, kind, held):
    """-log p of a character of the held-out names, with their ends, a mean."""
    length = game.generator.output_shape[1]
    known = [line for line in held if kind.knows(line) and len(line) <= length]
    ids = kind.encode(known, length)
    total = -float(np.sum(np.asarray(game.log_likelihood(ids), float)))
    return total / sum(min(len(line) + 1, length) for line in known)


def at(run: str, temperature: float) -> str:
    """Returns the name of the row of a run whose names a temperature draws."""
    return f"{run}, temperature {temperature}"


def percent(share: float) -> str:
    """Returns a share as text, in percent."""
    return f"{100 * share:.1f} %"


COLUMN_OF = {
    "known": "4-grams seen",
    "new": "not in training",
    "distinct": "distinct",
    "length": "length",
}
MLE = "LSTM, maximum likelihood"
GUMBEL, WGAN = "Gumbel-softmax after maximum likelihood", "WGAN-GP on softmax"
BASELINE, TEMPERATURES = "3-gram sampler", (0.8, 0.9, 1.1)
WRITER = {"width": 64, "updates": UPDATES, "generator_rate": 2e-3}
RUNS: dict[str, dict[str, Any]] = {
    MLE: WRITER | {"warm_up": UPDATES},
    GUMBEL: WRITER | {"warm_up": 3 * UPDATES // 5, "discriminator_rate": 5e-4},
    WGAN: {
        "network": "convolutional",
        "updates": UPDATES,
        "objective": "wasserstein",
        "penalty": "wgan_gp",
        "penalty_weight": 10.0,
        "discriminator_steps": CRITIC_STEPS,
        "discriminator_rate": 1e-4,
        "generator_rate": 1e-4,
        "beta_2": 0.9,
    },
}
TABLE = Table(
    name=NAME,
    title="First names, letter by letter: GANs of text and language models",
    columns={
        **dict.fromkeys(("4-grams seen", "not in training", "distinct"), percent),
        "length": "{:.2f}".format,
        "nats": "{:.3f}".format,
    },
    rows=(
        Row("held-out names", {}),
        *(Row(f"{n}-gram sampler", {}, {"n": n}) for n in (2, 3, 4)),
        *(
            row
            for run in (MLE, GUMBEL)
            for row in (
                Row(run, {}, {"run": run}),
                *(
                    Row(at(run, t), {}, {"run": run, "controls": {"temperature": t}})
                    for t in TEMPERATURES
                ),
            )
        ),
        Row(WGAN, {}, {"run": WGAN}),
    ),
    measure=measure,
    departures=(
        "No paper reports these: the rows are to be compared with each other.",
        f"{LEARNED:,} different names to learn from, the rest held out; {SAMPLES:,} samples.",
        "4-grams of a name have three marks before it and one after it. A sampler that repeats "
        + "its names has all of them: the first three columns count together.",
        f"{UPDATES:,} updates at batch 64; with WGAN-GP, {CRITIC_STEPS} of its critic for each. "
        + "It makes all letters at once and has no likelihood (Gulrajani 2017).",
        f"The LSTM has {WRITER['width']} units. Gumbel-softmax follows {RUNS[GUMBEL]['warm_up']:,} "
        + "updates of maximum likelihood.",
        "nats: -log p of a character of held-out names, with the end of a name.",
    ),
    quick=(
        f"{QUICK_UPDATES} updates on {QUICK_LINES:,} names, {QUICK_SAMPLES} samples.",
    ),
    targets=tuple(
        Target(row, column, ">", 0.0, minus=BASELINE)
        for row in (WGAN, at(GUMBEL, 0.9), at(MLE, 0.9))
        for column in ("4-grams seen", "not in training", "distinct")
    ),
    folder=NAME,
)
