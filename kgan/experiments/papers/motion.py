"""The next poses of a motion, next to two baselines that know nothing."""

import functools

import numpy as np

from kgan.config import Common
from kgan.data import load_poses
from kgan.data.kinds.skeleton import joints
from kgan.experiments.papers import strips
from kgan.experiments.papers.folders import find
from kgan.experiments.papers.runs import held_out, trained
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target
from kgan.models import NextFrame
from kgan.networks import poses
from kgan.objectives import NonSaturating
from kgan.optimizers import Adam
from kgan.pictures import save_animation, save_png

FOLDER = "motion"
SEEN, COMING, ROLLOUT = 10, 10, 5
UPDATES, QUICK_UPDATES, BATCH = 4000, 5, 64
WIDTH, QUICK_WIDTH = 256, 8
ADVERSARIAL = 0.01
AFTER = {"80 ms": 2, "160 ms": 4, "400 ms": 10}  # poses, at 25 a second
SHOWN = 4  # motions in a picture
FULL, ALONE = "L1 and an adversary", "L1"
REPEATED, STEADY = "repeat the last pose", "constant velocity"


def build(adversarial, width):
    """Returns a builder of the game of a row, for a `kgan.training.run.Variant`."""

    def of(config, spec):
        numbers = spec.shape[-1]
        game = NextFrame(
            poses.generator(SEEN, numbers, width=width),
            poses.discriminator(SEEN + ROLLOUT, numbers, width=width),
            rollout=ROLLOUT,
            l1_weight=1.0,
            adversarial_weight=adversarial,
            objective=NonSaturating(),
            seed=config.seed,
        )
        game.compile(
            max_optimizer=Adam(1e-4, 0.5, 0.999), min_optimizer=Adam(5e-4, 0.5, 0.999)
        )
        return game

    return of


@functools.cache
def data():
    """Returns the motions, with others held out."""
    return load_poses(
        find(FOLDER, "motion"), frames=SEEN + COMING, log=lambda line: None
    )


def repeated(seen):
    """Returns the last of the poses (n, T, d), `COMING` times."""
    return np.repeat(seen[:, -1:], COMING, axis=1)


def steady(seen):
    """Returns poses that go on from (n, T, d) with the last difference."""
    speed = seen[:, -1:] - seen[:, -2:-1]
    return seen[:, -1:] + speed * np.arange(1, COMING + 1)[:, None]


def measure_row(row, seed, quick, folder, log):
    """Returns the scores of a row; stick figures of some motions stay in `folder`."""
    real = held_out(data())["real"]
    seen, future = real[:, :SEEN], real[:, SEEN:]
    simple = {REPEATED: repeated, STEADY: steady}.get(row.name)
    made = simple(seen) if simple else _predicted(row, seed, quick, folder, log, seen)
    folder.mkdir(parents=True, exist_ok=True)
    kind = data().fields["real"].kind
    rows = np.linspace(0, len(seen) - 1, SHOWN).astype(int)
    both = np.stack([real[rows], np.concatenate([seen, made], 1)[rows]], 1)
    both = both.reshape(-1, *both.shape[2:])
    save_png(folder / "motions.png", kind.picture(both, 2))
    save_png(folder / "made.png", kind.picture(made[rows], 1))
    save_animation(folder / "motions.gif", kind.animation(both, 2), 1000 // kind.rate)
    return scores(made, future)


def _predicted(row, seed, quick, folder, log, seen):
    whole = data()
    config = Common(
        batch_size=BATCH,
        updates=QUICK_UPDATES if quick else UPDATES,
        grids=10,
        seed=seed,
    )
    if quick:
        whole = whole.part(slice(0, BATCH * QUICK_UPDATES))
    width = QUICK_WIDTH if quick else WIDTH
    build_game = build(row.options["adversarial"], width)
    game = trained("motion", build_game, config, folder, log, dataset=whole)
    return np.asarray(game.predict_frames(seen, COMING))


def scores(made, future):
    """Returns the errors of predicted poses (n, T, 43), in centimetres, by column."""
    apart = 100 * np.linalg.norm(joints(made) - joints(future), axis=-1).mean(-1)
    found = {name: float(apart[:, after - 1].mean()) for name, after in AFTER.items()}
    moves = [np.diff(joints(one), axis=1) for one in (made, future)]
    lengths = [np.linalg.norm(one, axis=-1).mean() for one in moves]
    return found | {"movement": float(lengths[0] / lengths[1])}


def draw(table, cells, work, path):
    """Copies the stick figures of the first row, alone and below the true ones."""
    strips.copy(work, FULL, "made.png", path)
    strips.copy(work, FULL, "motions.png", strips.sheet(path))


TABLE = Table(
    name="motion",
    title="Motions of a body, the poses after ten (after Martinez 2017)",
    columns=dict.fromkeys(AFTER, "{:.1f} cm".format) | {"movement": "{:.2f}".format},
    rows=(
        Row(FULL, {}, {"adversarial": ADVERSARIAL}),
        Row(ALONE, {}, {"adversarial": 0.0}),
        Row(REPEATED, {}, {}, 1),
        Row(STEADY, {}, {}, 1),
    ),
    measure=measure_row,
    departures=(
        (
            "The paper's data, Human3.6M, are not used, and no score of it stands here: "
            "motions of DeepMimic (Peng 2018), 25 poses a second, of which each fifth is "
            "held out, without windows that occur in the training."
        ),
        (
            "Errors are distances of joints in centimetres, a mean over 18 joints and all "
            "windows; movement is how far joints move, over how far they move in truth."
        ),
    ),
    quick=(f"{QUICK_UPDATES} updates of networks of width {QUICK_WIDTH}.",),
    targets=(
        Target(FULL, "80 ms", "<", 0.0, minus=STEADY),
        Target(FULL, "400 ms", "<", 0.0, minus=STEADY),
        Target(FULL, "400 ms", "<", 0.0, minus=REPEATED),
    ),
    lower=tuple(AFTER),
    draw=draw,
    folder=FOLDER,
)
