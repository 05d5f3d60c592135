"""Measures how the cost of a step grows with batch, images, networks and ascents."""

from dataclasses import dataclass
from statistics import median

from benchmarks import runner
from benchmarks.cases import Case
from benchmarks.peers import PEERS
from kgan.files import replacing

PEER = "kgan-bare"  # the compiled step: what grows, without what an epoch's end costs
STEPS = 5  # in an epoch, and so in a call of the graph


@dataclass(frozen=True)
class Axis:
    """One measure of a run that grows, while the others stay as in `BASE`."""

    name: str
    title: str
    values: tuple


AXES = (
    Axis("batch", "images in a batch", (16, 32, 64, 128, 256, 512, 1024)),
    Axis("side", "pixels on a side", (16, 32, 64, 128)),
    Axis("width", "channels of the narrowest layer", (8, 16, 32, 64, 128)),
    Axis("critic_steps", "ascents of D per descent of G", (1, 2, 3, 5, 8)),
)
BASE = {"batch": 64, "side": 32, "width": 32, "critic_steps": 1}
SETTING = "DCGAN, batch 64, 32x32x3, 32 channels, one ascent of D"


def case(point):
    """Returns the `Case` of a point, a dict as `BASE`."""
    rest = {name: value for name, value in point.items() if name != "side"}
    return Case(
        f"growth ({said(point)})",
        SETTING,
        network="dcgan",
        shape=(point["side"], point["side"], 3),
        count=STEPS * point["batch"] * point["critic_steps"],
        **rest,
    )


def points():
    """Returns every place on every axis, once."""
    found = [BASE | {axis.name: value} for axis in AXES for value in axis.values]
    return [one for i, one in enumerate(found) if one not in found[:i]]


def run(*, rounds, seconds, path, start, about, log=print):
    """Measures every point `rounds` times, and writes `path` after each.

    What `path` holds already is kept, and not measured again.

    Args:
        rounds: how often each point is measured.
        seconds: length of a measurement.
        path: the JSON file of the results.
        start: as `runner.run` takes it.
        about: a dict that describes the machine.
        log: called with a line for each measurement.

    Returns:
        What the JSON holds: {"about", "points": [{"point", "round", "run"}]}.
    """
    kept = read(path) if path.exists() else {"points": []}
    kept["about"] = about
    done = [(one["point"], one["round"]) for one in kept["points"]]
    for turn in range(rounds):
        for point in points():
            if (point, turn) in done:
                continue
            found = start(case(point), PEERS[PEER], seconds)
            kept["points"].append({"point": point, "round": turn, "run": found})
            runner.write(path, kept)
            step = f"{found['seconds'] * 1e3:,.1f} ms a step"
            log(f"{said(point)}, round {turn + 1}: {step}")
    return kept


def said(point):
    """Returns a point in words, such as "batch 64, side 32"."""
    return ", ".join(f"{name} {value}" for name, value in point.items())


def read(path):
    """Reads what an earlier run has written.

    Raises:
        UserError: the file is damaged, or holds something else.
    """
    fields = {"point", "round", "run"}
    return runner.read(path, "points", fields, "benchmarks/run --growth")


@dataclass(frozen=True)
class Place:
    """The measurements at one value of an axis, over the rounds.

    Attributes:
        value: on the axis.
        cost: (median, least, most) milliseconds for each real image.
        step: milliseconds for an ascent or more and a descent, the median.
        share: of the machine's peak, 0 to 1, the median.
        memory: most bytes that the process held, TensorFlow's own included.
    """

    value: int
    cost: tuple
    step: float
    share: float
    memory: int


def places(kept, axis):
    """Returns a `Place` for each value of an axis that was measured, in order."""
    found = []
    for value in axis.values:
        point = BASE | {axis.name: value}
        runs = [one["run"] for one in kept["points"] if one["point"] == point]
        if runs:
            found.append(_place(value, case(point).images, runs))
    return found


def _place(value, images, runs):
    costs = [1e3 * run["seconds"] / images for run in runs]
    shares = [r["operations"] / r["seconds"] / r["peak"] / 1e9 for r in runs]
    return Place(
        value=value,
        cost=(median(costs), min(costs), max(costs)),
        step=1e3 * median(run["seconds"] for run in runs),
        share=median(shares),
        memory=max(run["memory"] for run in runs),
    )


def text(kept):
    """Returns all results as a text for a terminal."""
    told = []
    for axis in AXES:
        told.append(f"{axis.title:32}{'an image':>26}{'a step':>14}  of peak   memory")
        for one in places(kept, axis):
            middle, least, most = one.cost
            cost = f"{middle:,.2f} ms ({least:,.2f}–{most:,.2f})"
            told.append(
                f"{one.value:>32,}{cost:>26}{one.step:>11,.1f} ms{one.share:>9.0%}"
                f"{one.memory / 1e6:>6,.0f} MB"
            )
    return "\n".join([*told, f"Beside the axis: {SETTING}. {kept['about']['machine']}"])


def draw(kept, path):
    """Draws cost and memory along each axis, and writes the picture."""
    from matplotlib.figure import Figure

    figure = Figure((13, 6), layout="constrained")
    rows = figure.subplots(2, len(AXES), sharey="row")
    for column, axis in enumerate(AXES):
        found = places(kept, axis)
        values = [one.value for one in found]
        for row in rows[:, column]:
            row.set_xscale("log", base=2)
            row.set_xticks(axis.values, [f"{v:,}" for v in axis.values])
            row.minorticks_off()
            row.grid(alpha=0.3)
        upper, lower = rows[:, column]
        middle, least, most = zip(*(one.cost for one in found), strict=True)
        away = [
            [m - low for m, low in zip(middle, least, strict=True)],
            [high - m for high, m in zip(most, middle, strict=True)],
        ]
        upper.errorbar(values, middle, yerr=away, fmt="o-", capsize=3)
        lower.plot(values, [one.memory / 1e9 for one in found], "o-", color="C1")
        upper.set_yscale("log")
        lower.set_xlabel(axis.title)
    rows[1, 0].set_ylim(bottom=0)  # at the end, as it fixes the top as well
    rows[0, 0].set_ylabel("milliseconds per real image")
    rows[1, 0].set_ylabel("most memory, GB")
    figure.suptitle(f"What an image costs. Beside the axis: {SETTING}")
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=100)
