"""Lines whose probabilities are known: how far G is from them, exactly."""

import functools
import json
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kgan.data.sources import oracle
from kgan.experiments.papers import sweeps
from kgan.experiments.papers.runs import trained_variant
from kgan.experiments.papers.table import Row, Table
from kgan.files import write_text
from kgan.models import Text

NAME = "text_oracle"
WIDTH, UPDATES, WARM_UP, QUICK_UPDATES = 32, 2000, 1000, 62
PARTS = 4  # of all lines, whose probability is computed at once
TEMPERATURES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5)


@functools.cache
def truth():
    """Returns (all lines, int32 (V^L, L); log p of each under the oracle)."""
    lines = oracle.every_line(oracle.SYMBOLS, oracle.LENGTH)
    return lines, oracle.tiny().log_likelihood(lines).sum(1)


def learned(game: Text, temperature: float = 1.0) -> np.ndarray:
    """Returns log q of all lines, as G draws them at a temperature."""
    lines, _ = truth()
    parts = [tf.constant(part) for part in np.array_split(lines, PARTS)]
    found = [np.asarray(game.log_likelihood(part, temperature)) for part in parts]
    return np.concatenate(found).astype(float).sum(1)


def divergences(log_p: np.ndarray, log_q: np.ndarray) -> dict[str, float]:
    """Compares two distributions over the same lines, given log p and log q of each.

    Returns:
        KL(p‖q), KL(q‖p) and JSD in nats; and per symbol "NLL_oracle", -log p of lines
        drawn from q, and "NLL_test", -log q of lines drawn from p.
    """
    p, q = np.exp(log_p), np.exp(log_q)
    middle = np.logaddexp(log_p, log_q) - np.log(2)
    to_middle = [np.sum(one * (log - middle)) for one, log in ((p, log_p), (q, log_q))]
    return {
        "KL(p‖q)": float(np.sum(p * (log_p - log_q))),
        "KL(q‖p)": float(np.sum(q * (log_q - log_p))),
        "JSD": float(np.mean(to_middle)),
        "NLL_oracle": float(-np.sum(q * log_p)) / oracle.LENGTH,
        "NLL_test": float(-np.sum(p * log_q)) / oracle.LENGTH,
    }


class Exactly(keras.callbacks.Callback):
    """Keeps the divergences of G from the oracle after each epoch, in a file."""

    def __init__(self, path) -> None:
        super().__init__()
        self.path = path

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        curve = json.loads(self.path.read_text()) if self.path.exists() else []
        found = divergences(truth()[1], learned(self.model))
        curve = [*curve[:epoch], {"updates": int(self.model.iterations)} | found]
        write_text(self.path, json.dumps(curve, indent=1))


def measure(row, seed, quick, folder, log):
    """Returns the exact divergences of a row; curves of training and sweep stay."""
    _, log_p = truth()
    if "model" in row.options:
        return divergences(log_p, row.options["model"]())
    own = row.options | ({"updates": QUICK_UPDATES} if quick else {})
    if quick:
        own["warm_up"] = own["warm_up"] * QUICK_UPDATES // row.options["updates"]
    fields = {"seed": seed, "grids": 4, "width": WIDTH} | own
    folder.mkdir(parents=True, exist_ok=True)
    watch = Exactly(folder / "exact.json")
    game = trained_variant(
        "text", fields, oracle.dataset(), folder, log, callbacks=(watch,)
    )
    sweep = {t: divergences(log_p, learned(game, t)) for t in TEMPERATURES}
    sweeps.keep(folder, sweep)
    return sweep[1.0]


def uniform() -> np.ndarray:
    """Returns log q where every line is as likely."""
    count = oracle.SYMBOLS**oracle.LENGTH
    return np.full(count, -np.log(count))


def bigrams() -> np.ndarray:
    """Returns log q of a table of pairs of symbols, counted in the training lines."""
    lines, _ = truth()
    drawn = oracle.dataset()["real"]
    start = np.full((len(drawn), 1), oracle.SYMBOLS)
    counts = np.ones((oracle.SYMBOLS + 1, oracle.SYMBOLS))
    before = np.hstack([start, drawn[:, :-1]])
    np.add.at(counts, (before, drawn), 1)
    log_q = np.log(counts / counts.sum(1, keepdims=True))
    start = np.full((len(lines), 1), oracle.SYMBOLS)
    return log_q[np.hstack([start, lines[:, :-1]]), lines].sum(1)


def draw(table, cells, work, path):
    """Draws quality against diversity over temperatures, a line for each row."""
    _, log_p = truth()
    sweeps.curves(table, work, divergences(log_p, log_p)["NLL_test"], path)


AFTER = {"updates": UPDATES, "warm_up": WARM_UP}
LEARNED_BY = {
    "maximum likelihood": {
        "updates": UPDATES,
        "warm_up": UPDATES,
        "generator_rate": 3e-3,
    },
    "maximum likelihood, where the next ones begin": {
        "updates": WARM_UP,
        "warm_up": WARM_UP,
    },
    "Gumbel-softmax from scratch": {"updates": UPDATES, "warm_up": 0},
    "Gumbel-softmax after maximum likelihood": AFTER,
    "score function after maximum likelihood": AFTER | {"estimator": "score"},
}
TABLE = Table(
    name=NAME,
    title="Lines of a known oracle: exact divergences of what writes them",
    columns={
        **dict.fromkeys(("KL(p‖q)", "KL(q‖p)", "JSD"), "{:.4f}".format),
        **dict.fromkeys(("NLL_oracle", "NLL_test"), "{:.3f}".format),
    },
    rows=(
        Row("every line as likely", {}, {"model": uniform}, 1),
        Row("a table of pairs of symbols", {}, {"model": bigrams}, 1),
        *(Row(name, {}, options) for name, options in LEARNED_BY.items()),
    ),
    measure=measure,
    departures=(
        f"No paper reports these: p is an LSTM with {oracle.UNITS} units and weights from "
        + f"N(0, 1), {oracle.SYMBOLS} symbols, lines of {oracle.LENGTH}, after SeqGAN "
        + "(Yu 2017), so small that all "
        + f"{oracle.SYMBOLS**oracle.LENGTH:,} lines are summed over; nothing is sampled.",
        f"G learns from {oracle.LINES:,} lines: {UPDATES:,} updates at batch 64, an LSTM "
        + f"of {WIDTH}; those after maximum likelihood begin with {WARM_UP:,} updates of it.",
        "KL and JSD are in nats of a line, the NLLs in nats of a symbol; the NLLs of the oracle "
        + "itself are its entropy.",
        "D is a convolutional network with R1; rewards of the score function are of whole "
        + "lines, without rollouts.",
    ),
    quick=(f"{QUICK_UPDATES} updates.",),
    lower=("KL(p‖q)", "KL(q‖p)", "JSD", "NLL_oracle", "NLL_test"),
    headline=("maximum likelihood", "JSD"),
    draw=draw,
)
