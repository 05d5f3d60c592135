"""Reports of pairs of runs: medians, ratios with their spread, shares of the peak."""

from dataclasses import dataclass
from statistics import median

from benchmarks.cases import CASES
from benchmarks.peers import PEERS
from benchmarks.spread import Spread

BARE = "kgan-bare"
QUIET = 0.05  # of the machine in others' hands: more makes the numbers doubtful


class Ratio(Spread):
    """kgan's speed over that of a peer: median, least and most of the pairs."""

    def __str__(self):
        return f"{self.middle:.2f} ({self.least:.2f}–{self.most:.2f})"


@dataclass(frozen=True)
class Line:
    """The results of kgan or of a peer in one case.

    Attributes:
        peer: its name.
        seconds: of a unit of work, the median.
        images_per_second: the median.
        share: of the machine's peak, 0 to 1; None where no operations were counted.
        ratio: kgan's speed over the peer's; None for kgan.
        startup: seconds until the clock started, the median.
    """

    peer: str
    seconds: float
    images_per_second: float
    share: float | None
    ratio: Ratio | None
    startup: float


def lines(kept, case):
    """Returns the `Line` of kgan, and those of the peers that were measured."""
    pairs = [pair for pair in kept["pairs"] if pair["case"] == case]
    work = [p["kgan"]["operations"] for p in pairs if "operations" in p["kgan"]]
    operations = work[0] if work else None
    found = [_line("kgan", [pair["kgan"] for pair in pairs], operations, None)]
    for name in PEERS:
        mine = [pair for pair in pairs if pair["peer"] == name]
        if mine:
            ratios = [p["other"]["seconds"] / p["kgan"]["seconds"] for p in mine]
            runs = [pair["other"] for pair in mine]
            found.append(_line(name, runs, operations, Ratio.of(ratios)))
    return found


def best(found):
    """Returns the `Line` of the fastest rival; None if there is none."""
    rivals = [one for one in found if PEERS[one.peer].rival]
    return min(rivals, key=lambda one: one.seconds, default=None)


def own_cost(kept, case):
    """Returns 1 - bare / full, the share of kgan's time outside of the step, as a `Ratio`.

    It returns None where the bare step was not measured.
    """
    mine = [p for p in kept["pairs"] if (p["case"], p["peer"]) == (case, BARE)]
    costs = [1.0 - p["other"]["seconds"] / p["kgan"]["seconds"] for p in mine]
    return Ratio.of(costs) if costs else None


def text(kept):
    """Returns all results as a text for a terminal."""
    blocks = [_block(kept, case) for case in _cases(kept)]
    return "\n".join([*blocks, _footnote(kept)])


def markdown(kept):
    """Returns the table of the README: a row per case; above 1, kgan is faster."""
    rivals = [name for name, peer in PEERS.items() if peer.rival]
    head = ["case", "kgan", "best peer", "over the best", *rivals]
    head += ["of the peak: kgan, best", "own cost"]
    rows = [head, ["---"] * len(head)]
    for case in _cases(kept):
        found = {line.peer: line for line in lines(kept, case)}
        ours, other = found["kgan"], best(found.values())
        cost = own_cost(kept, case)
        cells = [CASES[case].title, _speed(CASES[case], ours, kept["about"]["threads"])]
        cells += [other.peer, f"**{other.ratio}**"] if other else ["", ""]
        cells += [f"{found[n].ratio.middle:.2f}" if n in found else "" for n in rivals]
        told = [one.share for one in (ours, other) if one and one.share]
        # More than the peak is no share: the measurement went wrong.
        shares = [_percent(share) if share <= 1 else "?" for share in told]
        cells.append(", ".join(shares))
        cells.append(_percent(cost.middle) if cost else "")
        rows.append(cells)
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{table}\n\n{_footnote(kept)}\n"


def _line(name, runs, operations, ratio):
    work = operations or 0.0
    shares = [work / run["seconds"] / run["peak"] / 1e9 for run in runs]
    return Line(
        peer=name,
        seconds=median(run["seconds"] for run in runs),
        images_per_second=median(run["images_per_second"] for run in runs),
        share=median(shares) if operations else None,
        ratio=ratio,
        startup=median(run["startup"] for run in runs),
    )


def _cases(kept):
    measured = {pair["case"] for pair in kept["pairs"]}
    return [name for name in CASES if name in measured]


def _block(kept, case):
    found, cost = lines(kept, case), own_cost(kept, case)
    told = [
        f"{case}: {CASES[case].title}",
        f"  {'':20}{'a unit':>12}{'images/s':>12}{'of peak':>9}{'start':>8}  kgan's speed",
    ]
    for line in found:
        ratio = f"x {line.ratio}" if line.ratio else ""
        told.append(
            f"  {line.peer:20}{line.seconds * 1e3:>9,.2f} ms"
            f"{line.images_per_second:>12,.0f}{_percent(line.share):>9}"
            f"{line.startup:>6.0f} s  {ratio}"
        )
    other = best(found)
    if other:
        told.append(f"  best peer: {other.peer}; kgan's speed x {other.ratio}")
    if cost:
        spread = f"{_percent(cost.least)} to {_percent(cost.most)}"
        told.append(f"  kgan's own cost: {_percent(cost.middle)} ({spread})")
    return "\n".join(told) + "\n"


def _speed(case, line, threads):
    if case.kind in ("disk", "cached"):
        return f"{line.images_per_second / threads:,.0f} images/s a core"
    if case.trains:
        return f"{line.seconds * 1e3:,.1f} ms a step"
    return f"{line.seconds:,.1f} s"


def _percent(share):
    return "" if share is None else f"{100 * share:.0f} %"


def _footnote(kept):
    about = kept["about"]
    count = [len([p for p in kept["pairs"] if p["case"] == c]) for c in _cases(kept)]
    versions = {}
    for pair in kept["pairs"]:
        versions |= pair["kgan"]["versions"] | pair["other"]["versions"]
    busy = [run["busy"] for p in kept["pairs"] for run in (p["kgan"], p["other"])]
    most = max((share for share in busy if share is not None), default=0.0)
    warning = f" Others used up to {_percent(most)} of it." if most > QUIET else ""
    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"Medians of {sum(count):,} pairs of runs in turns, {about['seconds']:g} s each "
        f"after warming up; in brackets the least and the most of the pairs. "
        f"{about['machine']}; {told}.{warning}"
    )
