"""Tables of a race: who is how good at the end, and when as good as the best peer."""

import math
from dataclasses import dataclass
from statistics import median

from benchmarks.quality.races import CONTENDERS, RACES
from benchmarks.spread import Spread


class OfSeeds(Spread):
    """The spread of some numbers, one for each seed."""

    def written(self, form):
        """Returns it as a text, by a function that writes one number."""
        if self.least == self.most:
            return form(self.middle)
        return f"{form(self.middle)} ({form(self.least)}–{form(self.most)})"


@dataclass(frozen=True)
class Row:
    """The results of a contender in one race, over its seeds.

    Attributes:
        contender: its name.
        seeds: how many.
        fid, kid, recall: `OfSeeds` of the last scores.
        reached: of the minutes until its FID was at most the best peer's last one,
            infinite where it never was; None without a peer.
        share: of `reached` to the minutes of the best peer's last samples.
        ratio: of the last FID to the best peer's.
        images: real images that it had learned from at the end.
    """

    contender: str
    seeds: int
    fid: OfSeeds
    kid: OfSeeds
    recall: OfSeeds
    reached: OfSeeds | None
    share: OfSeeds | None
    ratio: OfSeeds | None
    images: OfSeeds


def rows(kept, race):
    """Returns a `Row` for each contender of a race, the best one first."""
    entries = [one for one in kept["entries"] if one["race"] == race]
    best = best_peer(entries)
    target, minutes = None, None
    if best:
        mine = [one for one in entries if one["contender"] == best]
        target = median(one["scores"][-1]["fid"] for one in mine)
        minutes = median(one["run"]["points"][-1]["minutes"] for one in mine)
    names = dict.fromkeys(one["contender"] for one in entries)
    found = [
        _row(
            name, [one for one in entries if one["contender"] == name], target, minutes
        )
        for name in names
    ]
    return sorted(found, key=lambda row: row.fid.middle)


def best_peer(entries):
    """Returns the name of the rival with the least median FID at the end, or None."""
    names = {one["contender"] for one in entries if CONTENDERS[one["contender"]].rival}
    last = {
        name: median(
            one["scores"][-1]["fid"] for one in entries if one["contender"] == name
        )
        for name in sorted(names)
    }
    return min(last, key=last.__getitem__) if last else None


def reached(entry, target):
    """Returns the minutes after which a run's FID was `target` or less; else infinity.

    It is those of the first samples that were so good: at the latest.
    """
    for point, scores in zip(entry["run"]["points"], entry["scores"], strict=True):
        if scores["fid"] <= target:
            return point["minutes"]
    return math.inf


def _row(name, entries, target, minutes):
    last = [one["scores"][-1] for one in entries]
    times = share = ratio = None
    if target is not None:
        found = [reached(one, target) for one in entries]
        times = OfSeeds.of(found)
        share = OfSeeds.of([one / minutes for one in found])
        ratio = OfSeeds.of([one["fid"] / target for one in last])
    return Row(
        contender=name,
        seeds=len(entries),
        fid=OfSeeds.of([one["fid"] for one in last]),
        kid=OfSeeds.of([one["kid"] for one in last]),
        recall=OfSeeds.of([one["recall"] for one in last]),
        reached=times,
        share=share,
        ratio=ratio,
        images=OfSeeds.of([one["run"]["points"][-1]["images"] for one in entries]),
    )


def markdown(kept):
    """Returns all results as Markdown: a table for each race, and what it was made of."""
    races = [race for race in RACES if any(e["race"] == race for e in kept["entries"])]
    parts = [
        f"### {race}\n\n{_told(kept, race)}\n\n{_table(kept, race)}" for race in races
    ]
    return "\n\n".join([*parts, _footnote(kept)])


def _told(kept, race):
    scorer = kept["scorers"][race]
    floor = scorer["floor"]
    minutes = next(e["minutes"] for e in kept["entries"] if e["race"] == race)
    return (
        f"{minutes:g} minutes of training each. FID-{race}: features of a classifier that "
        f"names {100 * scorer['accuracy']:.1f} % of the {scorer['real']:,} test images "
        f"rightly. Real images have {floor['fid']:.1f} (floor), KID {floor['kid']:.2g}, "
        f"recall {floor['recall']:.2f}."
    )


COLUMNS = (
    "contender",
    "seeds",
    "best peer's last FID reached after",
    "of the best peer's time",
    "last FID",
    "over the best peer's",
    "KID",
    "recall",
    "images learned from",
)


def _table(kept, race):
    lines = [_line(COLUMNS), _line(["---"] * len(COLUMNS))]
    for row in rows(kept, race):
        none = row.reached is None
        cells = (
            f"{row.contender}: {CONTENDERS[row.contender].title}",
            str(row.seeds),
            "" if none else row.reached.written(_minutes),
            "" if none else row.share.written(_number),
            row.fid.written("{:.1f}".format),
            "" if none else row.ratio.written(_number),
            row.kid.written("{:.3g}".format),
            row.recall.written("{:.2f}".format),
            row.images.written("{:,.0f}".format),
        )
        lines.append(_line(cells))
    return "\n".join(lines)


def _line(cells):
    return f"| {' | '.join(cells)} |"


def _minutes(value):
    return "not reached" if math.isinf(value) else f"{value:.1f} min"


def _number(value):
    return "–" if math.isinf(value) else f"{value:.2f}"


def _footnote(kept):
    versions = {}
    for one in kept["entries"]:
        versions |= one["run"]["facts"].get("versions", {})
    busy = [one["run"]["busy"] for one in kept["entries"]]
    most = max((share for share in busy if share is not None), default=0.0)
    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"The clock stands while samples are drawn and written. Medians of the seeds; in "
        f"brackets the least and the most. {kept['about']['machine']}; {told}. Others "
        f"used up to {100 * most:.0f} % of it before a run."
    )
