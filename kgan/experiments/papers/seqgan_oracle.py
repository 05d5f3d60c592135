"""Lines of SeqGAN's published oracle: quality against diversity, over temperatures."""

import functools
from typing import Any

import numpy as np

from kgan.data import Dataset
from kgan.data.kinds import Lines
from kgan.data.sources.arrays import one_group
from kgan.data.sources.oracle import Oracle
from kgan.experiments.papers import sweeps
from kgan.experiments.papers.folders import find
from kgan.experiments.papers.runs import held_out, trained_variant
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target

NAME = "seqgan_oracle"
LENGTH, LINES, SCORED = 20, 10_000, 2000
UPDATES, WARM_UP = 2000, 1500
QUICK_LINES, QUICK_SCORED, QUICK_UPDATES = 256, 100, 4
TEMPERATURES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4)
TOGETHER = 250  # lines whose probability is computed at once
SEQGAN = 8.736  # NLL_oracle that the paper reports of SeqGAN
PUBLISHED, EVERY = "the oracle itself", "every line as likely"


@functools.cache
def oracle() -> Oracle:
    """Returns the oracle of the published weights."""
    return Oracle.read(find(NAME, NAME))


@functools.cache
def lines(quick: bool) -> Dataset:
    """Returns lines to learn from that the oracle drew, with others that are held out."""
    kind = Lines([f"w{i}" for i in range(oracle().symbols)], characters=False)
    sizes = (QUICK_LINES, QUICK_SCORED) if quick else (LINES, SCORED)
    train, held = (
        one_group(NAME, {"real": (oracle().draw(size, LENGTH, seed), kind)})
        for seed, size in enumerate(sizes, 1)
    )
    return Dataset(NAME, train.fields, train.groups, held_out=held)


def measure(row, seed, quick, folder, log):
    """Returns both NLLs of a row, and what a temperature makes of them."""
    data = lines(quick)
    held = held_out(data)["real"]
    folder.mkdir(parents=True, exist_ok=True)
    if row.name == PUBLISHED:
        own = _nats(oracle().log_likelihood, held)
        return {"NLL_oracle": own, "NLL_test": own}
    if row.name == EVERY:
        drawn = np.random.default_rng(seed).integers(oracle().symbols, size=held.shape)
        found = _nats(oracle().log_likelihood, drawn)
        return {"NLL_oracle": found, "NLL_test": float(np.log(oracle().symbols))}
    game = _trained(row, seed, quick, folder, log)
    sweep = {t: scores(game, held, t, seed) for t in TEMPERATURES}
    sweeps.keep(folder, sweep)
    return sweep[1.0] | at_seqgan(sweep)


def _trained(row, seed, quick, folder, log):
    fields = {"seed": seed, "grids": 4} | WRITER | row.options
    if quick:
        scale = QUICK_UPDATES / UPDATES
        fields |= {name: int(scale * fields[name]) for name in ("updates", "warm_up")}
    return trained_variant("text", fields, lines(quick), folder, log)


def scores(game: Any, held: np.ndarray, temperature: float, seed: int) -> Any:
    """Returns the NLLs of a game's lines and of held-out ones, in nats of a symbol.

    Args:
        game: a `kgan.Text`.
        held: lines of the oracle, numbers (n, L); as many are drawn.
        temperature: with which they are drawn.
        seed: of the drawn ones.
    """

    def log_q(some):
        return np.asarray(game.log_likelihood(some, temperature))

    drawn = [
        game.generate(
            len(held[at : at + TOGETHER]),
            len(held) * seed + at,
            temperature=temperature,
        )
        for at in range(0, len(held), TOGETHER)
    ]
    return {
        "NLL_oracle": _nats(oracle().log_likelihood, np.concatenate(drawn)),
        "NLL_test": _nats(log_q, held),
    }


def _nats(log_p, some):
    """The mean of -log p of a symbol."""
    parts = [log_p(some[at : at + TOGETHER]) for at in range(0, len(some), TOGETHER)]
    return -float(np.concatenate(parts).astype(float).mean())


def at_seqgan(sweep: dict[float, dict[str, float]]) -> dict[str, float]:
    """Returns the temperature with SeqGAN's NLL_oracle, and NLL_test there.

    Both are interpolated; not a number where no temperature reaches it.
    """
    by_quality = sorted(
        (one["NLL_oracle"], one["NLL_test"], t) for t, one in sweep.items()
    )
    quality, *both = np.array(by_quality).T
    test, temperature = (
        float(np.interp(SEQGAN, quality, values, np.nan, np.nan)) for values in both
    )
    return {"NLL_test there": test, "temperature there": temperature}


def draw(table, cells, work, path):
    """Draws quality against diversity over temperatures, a line for each row."""
    real = [cell.values["NLL_test"] for cell in cells if cell.row == PUBLISHED]
    if real:
        sweeps.curves(table, work, real[0], path)


WRITER = {"width": 32, "generator_rate": 1e-2, "updates": UPDATES, "warm_up": WARM_UP}
MLE, GUMBEL = "maximum likelihood", "Gumbel-softmax after maximum likelihood"
ADVERSARY = {"discriminator_rate": 1e-3, "penalty_weight": 0.001}
BEGINS = "maximum likelihood, where the next ones begin"
SCORE = "score function after maximum likelihood"
TABLE = Table(
    name=NAME,
    title="Lines of SeqGAN's oracle: quality against diversity (Yu 2017, Caccia 2018)",
    columns=dict.fromkeys(("NLL_oracle", "NLL_test", "NLL_test there"), "{:.2f}".format)
    | {"temperature there": "{:.2f}".format},
    rows=(
        Row(PUBLISHED, {"NLL_oracle": "5.750"}, {}, 1),
        Row(EVERY, {}, {}, 1),
        Row(MLE, {}, {"warm_up": UPDATES}),
        Row(BEGINS, {}, {"updates": WARM_UP, "warm_up": WARM_UP}),
        Row(GUMBEL, {}, ADVERSARY),
        Row(SCORE, {}, ADVERSARY | {"estimator": "score"}),
    ),
    measure=measure,
    departures=(
        "The published weights of the oracle: an LSTM of 32 units, 5,000 symbols, lines of "
        + f"{LENGTH}. The paper's number of the oracle is its own."
        + " Its other numbers are of another course of training: 120 epochs of maximum "
        + "likelihood, then 200 rounds with 16 rollouts a symbol.",
        f"G, an LSTM of {WRITER['width']}, learns from {LINES:,} lines: {UPDATES:,} updates at "
        + f"batch 64; those after maximum likelihood begin with {WARM_UP:,} updates of it.",
        f"NLL_oracle: -log p under the oracle of {SCORED:,} lines that G draws; NLL_test: -log q "
        + f"under G of {SCORED:,} other lines of the oracle; nats of a symbol.",
        f"there: at the temperature at which NLL_oracle is {SEQGAN}, what the paper reports of "
        + "SeqGAN, between two of ten temperatures. A method wins where its NLL_test is "
        + "lower at the same NLL_oracle.",
        "D is a convolutional network with R1; rewards of the score function are of whole "
        + "lines, without rollouts.",
        "Not measured again since a warm-up may fill a run: the rows of maximum likelihood "
        + "ended with 28 and 60 updates against D, up to a whole epoch.",
    ),
    quick=(
        f"{QUICK_UPDATES} updates on {QUICK_LINES} lines, {QUICK_SCORED} lines scored.",
    ),
    lower=("NLL_oracle", "NLL_test", "NLL_test there"),
    targets=(Target(PUBLISHED, "NLL_oracle", "<=", 5.80),),
    draw=draw,
    folder=NAME,
)
