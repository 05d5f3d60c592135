"""A picture of a race: the curves of each contender, and its last samples next to them."""

from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.quality import report
from kgan.files import replacing

# name of a score -> (its title, the scale of its axis).
CURVES = {"fid": ("FID", "log"), "kid": ("KID", "log"), "recall": ("recall", "linear")}


def draw(kept, race, folder, path):
    """Writes a picture of a race: FID, KID and recall of each contender over the minutes.

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
    columns = len(CURVES) + 1
    figure = Figure((3.2 * columns, 2.6 * len(found)), layout="constrained")
    places = figure.subplots(len(found), columns, squeeze=False)
    floor = kept["scorers"][race]["floor"]
    for name, (*curves, sheet) in zip(found, places, strict=True):
        for place, score in zip(curves, CURVES, strict=True):
            _curves(place, runs, name, score, floor[score])
        sheet.axis("off")
        sheet.imshow(_sheet(Path(folder), runs[name][0]), cmap="gray")
        minutes = runs[name][0]["run"]["points"][-1]["minutes"]
        sheet.set_title(f"after {minutes:.1f} minutes", fontsize=9)
    figure.suptitle(
        f"{race}: scores over minutes of training, by a classifier of {race}; in red the "
        "contender, dotted real images"
    )
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=100)


def _curves(place, runs, name, score, floor):
    """All curves of a score in grey, and that of `name` over them."""
    for other, entries in runs.items():
        own = other == name
        for entry in entries:
            minutes = [point["minutes"] for point in entry["run"]["points"]]
            scores = [one[score] for one in entry["scores"]]
            style = {"color": "C3", "zorder": 3} if own else {"color": "0.8"}
            place.plot(minutes, scores, ".-", **style)
    title, scale = CURVES[score]
    place.axhline(floor, color="0.4", linestyle=":")
    place.set_xscale("log", base=2)
    place.xaxis.set_major_formatter("{x:g}")
    place.set_yscale(scale)
    place.set_xlabel("minutes of training", fontsize=8)
    place.grid(alpha=0.3)
    place.set_title(f"{name}: {title}", fontsize=9)


def _sheet(folder, entry):
    file = Path(entry["run"]["points"][-1]["file"]).with_suffix(".png")
    name = f"{entry['race']}-{entry['contender']}-{entry['seed']}"
    with Image.open(folder / name / file) as opened:
        return np.asarray(opened)
