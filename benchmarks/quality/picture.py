"""A picture of a race: the curve of each contender, and its last samples next to it."""

import math
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.quality import report
from kgan.files import replacing

COLUMNS = 2  # contenders in a row


def draw(kept, race, folder, path):
    """Draws FID over the minutes for each contender of a race, and writes the picture.

    Args:
        kept: what `runner.run` returns.
        race: the name of the race.
        folder: holds the samples.
        path: of the picture.
    """
    from matplotlib.figure import Figure

    found = [row.contender for row in report.rows(kept, race)]
    runs = {
        name: [
            one
            for one in kept["entries"]
            if (one["contender"], one["race"]) == (name, race)
        ]
        for name in found
    }
    lines = math.ceil(len(found) / COLUMNS)
    figure = Figure((6.5 * COLUMNS, 3.2 * lines), layout="constrained")
    places = figure.subplots(lines, 2 * COLUMNS, squeeze=False).ravel()
    for place in places:
        place.axis("off")
    for number, name in enumerate(found):
        curve, sheet = places[2 * number : 2 * number + 2]
        _curves(curve, runs, name, kept["scorers"][race]["floor"]["fid"])
        sheet.imshow(_sheet(Path(folder), runs[name][0]), cmap="gray")
        minutes = runs[name][0]["run"]["points"][-1]["minutes"]
        sheet.set_title(f"after {minutes:.1f} minutes", fontsize=9)
    figure.suptitle(f"{race}: FID-{race} over minutes of training")
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=100)


def _curves(place, runs, name, floor):
    """All curves in grey, and that of `name` over them."""
    place.axis("on")
    for other, entries in runs.items():
        own = other == name
        for entry in entries:
            minutes = [point["minutes"] for point in entry["run"]["points"]]
            scores = [one["fid"] for one in entry["scores"]]
            style = {"color": "C3", "zorder": 3} if own else {"color": "0.8"}
            place.plot(minutes, scores, ".-", **style)
    place.axhline(floor, color="0.4", linestyle=":")
    place.set_xscale("log")
    place.set_yscale("log")
    place.set_xlabel("minutes of training", fontsize=8)
    place.set_ylabel("FID; dotted: real images", fontsize=8)
    place.grid(alpha=0.3)
    place.set_title(name, fontsize=10)


def _sheet(folder, entry):
    file = Path(entry["run"]["points"][-1]["file"]).with_suffix(".png")
    name = f"{entry['race']}-{entry['contender']}-{entry['seed']}"
    with Image.open(folder / name / file) as opened:
        return np.asarray(opened)
