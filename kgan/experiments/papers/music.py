"""Chorales in two bars: harmony and voice leading of what a GAN makes, and of baselines."""

import functools
from typing import Any

import numpy as np

from kgan.data import load_rolls
from kgan.experiments.papers import strips
from kgan.experiments.papers.folders import find
from kgan.experiments.papers.runs import held_out, trained_variant
from kgan.experiments.papers.table import Row, Table, slug
from kgan.experiments.papers.target import Target
from kgan.metrics import music
from kgan.pictures import save_png
from kgan.sounds import save_wav

FOLDER = "chorales"
UPDATES, QUICK_UPDATES, BATCH = 2000, 5, 64
QUICK_WIDTH = 8
SAMPLES, QUICK_SAMPLES = 2000, 64
BAR, BEAT, EIGHTH = 16, 4, 2  # in steps
SHOWN = 16  # samples in a picture
COOL = 0.9  # a temperature
GAME, MLE = "pitch by pitch, GAN and likelihood", "pitch by pitch, likelihood alone"
AFTER = "pitch by pitch, GAN after likelihood"
WGAN = "all pitches at once, WGAN-GP"
RANDOM, MARKOV = "voices of different windows", "a Markov chain of chords"
TEST = "held-out chorales"
PAIRS = {"S-A": (0, 1), "S-B": (0, 3), "T-B": (2, 3)}
RUNS: dict[str, dict[str, Any]] = {
    GAME: {},
    MLE: {"warm_up": UPDATES},
    AFTER: {"likelihood_weight": 0.0},
    WGAN: {
        "network": "convolutional",
        "objective": "wasserstein",
        "penalty": "wgan_gp",
        "penalty_weight": 10.0,
        "discriminator_steps": 3,
    },
}


@functools.cache
def data():
    """Returns (windows in all keys, as a `Dataset`; windows in their own keys)."""
    folder = find(FOLDER, "music")
    whole = load_rolls(folder, log=lambda line: None)
    own = load_rolls(folder, transpose=False, log=lambda line: None)
    return whole, own["real"]


def mixed(real, count, seed):
    """Returns rolls whose voices come from different windows, uint8 (count, T, V)."""
    random = np.random.default_rng(seed)
    rows = random.integers(len(real), size=(count, real.shape[2]))
    voices = [real[rows[:, voice], :, voice] for voice in range(real.shape[2])]
    return np.stack(voices, -1)


def chained(real, count, seed):
    """Returns rolls of a first-order Markov chain of the chords of `real`.

    A chord is the pitches of all voices at a step. The next one is that of a step of
    `real`, by chance, after the same chord.
    """
    steps = real.shape[1]
    flat = real.reshape(-1, real.shape[2])
    _, number = np.unique(flat, axis=0, return_inverse=True)
    number = number.reshape(-1)
    last = np.arange(len(flat)) % steps == steps - 1
    order = np.argsort(np.where(last, number.max() + 1, number), kind="stable")
    order = order[: int((~last).sum())]
    starts = np.searchsorted(number[order], np.arange(number.max() + 2))
    random = np.random.default_rng(seed)
    at = steps * random.integers(len(real), size=count)  # the beginning of a window
    found = [flat[at]]
    for _ in range(steps - 1):
        first, end = starts[number[at]], starts[number[at] + 1]
        ends = first == end  # a chord that only ends windows: begin anew
        pick = first + (random.random(count) * (end - first)).astype(int)
        again = steps * random.integers(len(real), size=count)
        at = np.where(ends, again, order[np.minimum(pick, len(order) - 1)] + 1)
        found.append(flat[at])
    return np.stack(found, 1)


def scores(made, train, every):
    """Returns the scores of rolls, uint8 (n, T, 4), by column.

    Args:
        made: the rolls.
        train: the windows of the training in their own keys.
        every: those in all keys, which the networks learn.
    """
    found = {
        "chords in train": music.known_chords(made, every),
        "parallels": music.parallels(made),
        "crossings": music.crossings(made),
        "long notes": music.long_notes(made, EIGHTH),
        "copies": music.copies(made, train),
        "copied bars": music.copies(_bars(made), _bars(train)),
        "pitch classes": music.used_classes(made, BAR),
    }
    for name, (a, b) in PAIRS.items():
        found[f"TD {name}"] = music.tonal_distance(made, a, b, BEAT)
    return found


def _bars(rolls):
    """The bars of rolls (n, T, V), one by one."""
    return rolls.reshape(-1, BAR, rolls.shape[2])


def measure_row(row, seed, quick, folder, log):
    """Returns the scores of a row; samples stay in `folder` as a picture and to play."""
    whole, train = data()
    count = QUICK_SAMPLES if quick else SAMPLES
    found = {}
    if row.name == TEST:
        made = held_out(whole)["real"]
    elif row.name == RANDOM:
        made = mixed(held_out(whole)["real"], count, seed)
    elif row.name == MARKOV:
        made = chained(train, count, seed)
    else:
        game = _game(row.options["run"], seed, quick, folder, log)
        made = game.generate(count, seed=seed, **row.options.get("controls", {}))
        if hasattr(game, "log_likelihood") and "controls" not in row.options:
            found["nats"] = _nats(game, held_out(whole)["real"])
    kind = whole.fields["real"].kind
    folder.mkdir(parents=True, exist_ok=True)
    save_png(folder / "rolls.png", kind.picture(made[:SHOWN], 4))
    save_wav(folder / "rolls.wav", kind.sound(made))
    return scores(made, train, whole["real"]) | found


def _game(run, seed, quick, folder, log):
    """The game of a run; rows of one run share it."""
    whole = data()[0]
    fields = {"batch_size": BATCH, "updates": UPDATES, "grids": 10, "seed": seed}
    fields |= RUNS[run]
    if quick:
        whole = whole.part(slice(0, 3 * BATCH * QUICK_UPDATES))
        fields |= {"updates": QUICK_UPDATES, "width": QUICK_WIDTH}
    place = folder.parent / f"{slug(run)}-{seed}-run"
    return trained_variant("music", fields, whole, place, log)


def _nats(game, rolls):
    """-log p of a pitch of held-out music, a mean."""
    parts = np.array_split(rolls, -(-len(rolls) // BATCH))
    total = sum(float(np.sum(game.log_likelihood(part))) for part in parts)
    return -total / rolls.size


def draw(table, cells, work, path):
    """Copies the piano rolls of the first row."""
    strips.copy(work, table.rows[0].name, "rolls.png", path)


def percent(share: float) -> str:
    """Returns a share as text, in percent."""
    return f"{100 * share:.1f} %"


COLUMNS = dict.fromkeys(("chords in train", "crossings", "long notes"), percent)
COLUMNS |= {"copies": percent, "copied bars": percent, "parallels": "{:.2f}".format}
COLUMNS |= dict.fromkeys(
    ("pitch classes", *(f"TD {name}" for name in PAIRS)), "{:.2f}".format
)
COLUMNS["nats"] = "{:.3f}".format
TABLE = Table(
    name="music",
    title="Chorales of four voices, two bars (after MuseGAN, Dong 2018)",
    columns=COLUMNS,
    rows=(
        *(Row(run, {}, {"run": run}, 1) for run in (GAME, MLE)),
        *(
            Row(
                f"{run}, temperature {COOL}",
                {},
                {"run": run, "controls": {"temperature": COOL}},
                1,
            )
            for run in (GAME, MLE)
        ),
        *(Row(run, {}, {"run": run}, 1) for run in (AFTER, WGAN)),
        Row(TEST, {}, {}, 1),
        Row(RANDOM, {}, {}, 1),
        Row(MARKOV, {}, {}, 1),
    ),
    measure=measure_row,
    departures=(
        (
            "The paper's data, pop music of five tracks with many notes at once, are not "
            "used: no score of it stands here."
        ),
        (
            "Chorales of Bach in sixteenths, two bars, without steps in which a voice is "
            "silent; the GANs learn them in all keys that the voices can sing."
        ),
        (
            f"{UPDATES:,} updates at batch {BATCH}, with the settings of `--variant=music`; "
            "all at once, with 3 updates of the critic for each. Half of the updates of GAN and "
            "likelihood, and of GAN after likelihood, are maximum likelihood alone, and D "
            "learns from the first on. Rows with a temperature are drawn from the same runs."
        ),
        (
            "parallels: parallel fifths and octaves for 100 changes of the chord; long "
            "notes: of an eighth or more; copies, copied bars: windows and bars of the "
            "training, in any key; TD: "
            "the tonal distance of two voices; nats: -log p of a pitch of held-out music. "
            "Pitch classes and long notes do not see "
            "whether voices belong together; the others but the nats do."
        ),
        (
            "Not measured again since chords in train are those of all keys: the scores are "
            "of chords of training windows in their own keys, which 95.3 % of the chords are "
            "that the GANs learn. Nor since a warm-up may fill a run: the row of likelihood "
            "alone ended with 410 of 2,410 updates against D, up to a whole epoch."
        ),
    ),
    quick=(
        (
            f"{QUICK_UPDATES} updates of networks of width {QUICK_WIDTH}, {QUICK_SAMPLES} "
            "samples."
        ),
    ),
    targets=(
        Target(GAME, "chords in train", ">=", 0.9),
        Target(GAME, "parallels", "<=", 2.0),
        Target(GAME, "crossings", "<=", 0.06),
        Target(GAME, "copies", "<", 0.01),
        Target(GAME, "long notes", ">=", 0.9),
    ),
    draw=draw,
    folder=FOLDER,
)
