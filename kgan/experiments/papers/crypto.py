"""Adversarial neural cryptography (Abadi & Andersen 2016), and attacks that break it."""

import csv
import json

import numpy as np

from kgan import variants
from kgan.applications import cryptanalysis
from kgan.data.sources.messages import messages
from kgan.experiments.papers.table import Row, Table, slug
from kgan.experiments.papers.target import Target
from kgan.files import replacing, write_text
from kgan.networks import crypto
from kgan.training.options import Options
from kgan.training.run import Variant, prepare

NAME, BITS = "crypto", 16
LOOK = 250  # rounds over which an error is a mean
LONG, QUICK_UPDATES = 20_000, 2 * LOOK
EVES, EVE_STEPS, STRONG_STEPS = 5, 20_000, 4000
QUICK_EVES, QUICK_EVE_STEPS = 1, 200
BOB_MOST, EVE_LEAST = 0.05, 7.3  # wrong bits: the paper's criteria


def measure(row, seed, quick, folder, log):
    """Trains Alice, Bob and Eve, and then attacks what they have learned."""
    module = variants.load(NAME)
    updates = {"updates": QUICK_UPDATES} if quick else {}
    config = module.Config(seed=seed, grids=1, **(row.options | updates))
    data = messages(BITS, LOOK * config.examples_per_step)
    options = Options(jit="on", log=log)
    variant = Variant.of(NAME, module)
    game = prepare(variant, data, config, folder, options).train()
    return _of_training(folder) | _attacked(game, seed, quick, folder, log)


def _of_training(folder):
    """What the training says of itself: errors at its end, and whether they suffice."""
    bob, signs, eve = _errors(folder)
    met = (bob <= BOB_MOST) & (eve >= EVE_LEAST)
    found = {"criterion": float(met.any()), "Bob": bob[-1], "Bob, signs": signs[-1]}
    if met.any():
        found["round"] = float(LOOK * (1 + met.argmax()))
    return found | {"Eve": eve[-1]}


def _errors(folder):
    """Wrong bits of Bob, of the signs of his answer, and of Eve: means of each epoch."""
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = "Bob bits", "Bob signs", "Eve bits"
    return [np.array([float(row[name]) for row in rows]) for name in names]


def _attacked(game, seed, quick, folder, log):
    """Wrong bits of every attacker."""
    last = [curve[-1] for curve in _fresh_eves(game, seed, quick, folder, log)]
    steps = QUICK_EVE_STEPS if quick else STRONG_STEPS
    key, message = cryptanalysis.known_networks(game, seed)
    of_key, of_message = cryptanalysis.correlations(game, seed)
    return {
        "best of 5 fresh Eves": min(last),
        "mean of 5": float(np.mean(last)),
        "strong Eve": cryptanalysis.strong_eve(game, steps, seed)[-1],
        "known networks, key": key,
        "known networks, message": message,
        "reused key, 32": cryptanalysis.reused_key(game, 32, seed),
        "reused key, 128": cryptanalysis.reused_key(game, 128, seed),
        "correlation with key": of_key,
        "with message": of_message,
    }


def _fresh_eves(game, seed, quick, folder, log):
    """The wrong bits of each fresh Eve in her training; kept in `folder`."""
    count, steps = (QUICK_EVES, QUICK_EVE_STEPS) if quick else (EVES, EVE_STEPS)
    path = folder / "fresh_eves.json"
    curves = json.loads(path.read_text()) if path.exists() else []
    for number in range(len(curves), count):
        curves.append(cryptanalysis.fresh_eve(game, steps, 100 * seed + number))
        log(f"fresh Eve {number + 1} of {count}, {steps:,} steps: {curves[-1][-1]:.2f}")
        write_text(path, json.dumps(curves))
    return curves


def draw(table, cells, work, path):
    """The wrong bits of Bob and of Eve in training: an axis per row, a line per seed."""
    from matplotlib.figure import Figure

    measured = {cell.row for cell in cells}
    rows = [row for row in table.rows if row.name in measured]
    figure = Figure((2.6 * len(rows), 2.4), layout="constrained")
    axes = figure.subplots(1, len(rows), squeeze=False, sharey=True)[0]
    for row, axis in zip(rows, axes, strict=True):
        for cell in (cell for cell in cells if cell.row == row.name):
            bob, _, eve = _errors(work / f"{slug(row.name)}-{cell.seed}")
            rounds = LOOK * np.arange(1, len(bob) + 1)
            first = {} if cell.seed else {"label": "Eve"}
            axis.plot(rounds, eve, "C3", linewidth=0.8, **first)
            axis.plot(rounds, bob, "C0", linewidth=0.8, **dict.fromkeys(first, "Bob"))
        axis.axhline(BITS / 2, color="0.6", linestyle=":", linewidth=0.8)
        axis.set(xlabel="rounds", ylim=(0, BITS / 2 + 0.5))
        axis.set_title(row.name, fontsize=8)
    axes[0].set_ylabel(f"wrong bits of {BITS}")
    axes[0].legend(fontsize=7)
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=90)


FIRST = "the authors' network"
WRONG = "{:.2f}".format
COLUMNS = {
    "criterion": "{:.0%}".format,
    "round": "{:,.0f}".format,
    "Bob": "{:.3f}".format,
    "Bob, signs": "{:.4f}".format,
    **dict.fromkeys(("Eve", "best of 5 fresh Eves", "mean of 5", "strong Eve"), WRONG),
    **dict.fromkeys(("known networks, key", "known networks, message"), WRONG),
    **dict.fromkeys(("reused key, 32", "reused key, 128"), WRONG),
    **dict.fromkeys(("correlation with key", "with message"), "{:.3f}".format),
}
TABLE = Table(
    name=NAME,
    title="Two networks with a secret, and who reads it (after Abadi & Andersen 2016)",
    columns=COLUMNS,
    rows=(
        Row(FIRST, {}, seeds=5),
        Row("the paper's network", {}, {"network": "paper", "updates": LONG}),
        Row("noise of 0.2 on the channel", {}, {"noise": 0.2}),
        Row("signs only", {}, {"rounding": True}),
    ),
    measure=measure,
    departures=(
        "An experiment in learning, no cipher: the columns from the strong Eve on show how "
        + "it is broken.",
        f"All numbers are wrong bits of a message of {BITS}, where {BITS // 2} is guessing, "
        + "but for the criterion, its round and the correlations.",
        f"Criterion: Bob at most {BOB_MOST}, Eve at least {EVE_LEAST} (the paper's), as "
        + f"means over {LOOK} rounds, at any time of the training.",
        f"Batch 1,024 instead of 4,096; 10,000 rounds ({LONG:,} for the "
        + "paper's network). Alice and Bob learn from the second of Eve's two batches, not "
        + "from one of their own.",
        f"Fresh Eves: {EVES}, like the first, each against Alice and Bob as they are, for "
        + f"{EVE_STEPS:,} steps; the last thousand count. The paper trains up to 250,000.",
        f"Strong Eve: two layers of {crypto.STRONG_WIDTH}, the ciphertext standardised, "
        + f"{STRONG_STEPS:,} steps, after which she still learns.",
        "Known networks (Kerckhoffs): a linear map from the ciphertext to the key, then "
        + "Bob's own network. No message is known.",
        "Reused key: ridge regression on 32 and on 128 known messages under one key, a "
        + f"mean over {cryptanalysis.KEYS} keys.",
        "Correlation: the largest of a value of the ciphertext with a bit.",
        "Signs only: the straight-through gradient of rounding.",
    ),
    quick=(
        f"{QUICK_UPDATES} rounds, {QUICK_EVES} fresh Eve, {QUICK_EVE_STEPS} steps of each "
        + "Eve: Bob has not learned to read yet.",
    ),
    lower=("round", "Bob", "Bob, signs"),
    targets=(
        Target(FIRST, "criterion", ">=", 0.6),
        Target(FIRST, "best of 5 fresh Eves", ">=", EVE_LEAST),
    ),
    draw=draw,
)
