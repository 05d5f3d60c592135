"""Edits of drawn faces, compared with the same faces drawn with one attribute changed."""

import functools
from typing import Any

import numpy as np

from kgan import metrics
from kgan.applications import editing, encoding, finding, inversion
from kgan.applications.attributes import reader_of
from kgan.config import Config
from kgan.data.sources.conditions import attributed
from kgan.experiments.papers import faces, strips
from kgan.experiments.papers.faces import FOLDER, NAME
from kgan.experiments.papers.inversion import build
from kgan.experiments.papers.runs import trained, trained_variant
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target
from kgan.experiments.papers.text import percent

CHANGES = ("mouth=smirk", "glasses=round", "beard=scruff")
SKIN = "skin=dark"  # no true edits of it are at hand: its direction alone is measured
TRANSLATOR: dict[str, Any] = {"width": 16, "batch_size": 16, "updates": 12_000}
# The generator that draws from noise, its encoder, and the search for directions.
FROM_NOISE: dict[str, Any] = {"width": 32, "batch_size": 32, "updates": 4000}
LATENT, ENCODER_UPDATES, STEPS, SAMPLES, SHARE = 64, 1000, 200, 4000, 0.05
QUICK: dict[str, Any] = {"width": 2, "batch_size": 8, "updates": 5}
QUICK_ENCODER_UPDATES, QUICK_STEPS, QUICK_SAMPLES = 5, 5, 200
READER_UPDATES, QUICK_READER_UPDATES = 1400, 20


def measure(row, seed, quick, folder, log):
    """Measures what a way of editing makes of the faces; some stay in `folder`."""
    change, way = row.options["change"], row.options["way"]
    apart = {}
    if way in (moved, None):
        _, _, directions = from_noise(seed, quick, folder.parent, log)
        apart["separation"] = float(directions.scores[directions.names.index(change)])
    if way is None:
        return apart
    found = faces.changed(change, quick)
    edited = way(change, found, seed, quick, folder.parent, log)
    strips.keep(folder, before=found.before, made=edited, true=found.true)
    model = faces.classifier(folder.parent / "classifiers", quick, log)
    told = metrics.edit_report(found.before, edited, found.true, found.region)
    return apart | told | faces.answers(model, change, found.before, edited, quick)


def true(change, found, seed, quick, folder, log):
    """The true edits: what the classifier can see at best."""
    return found.true


def unchanged(change, found, seed, quick, folder, log):
    """The faces as they were."""
    return found.before


def pasted(change, found, seed, quick, folder, log):
    """The mean of the faces that have what is asked for, inside the region."""
    edited = found.before.copy()
    inside = (slice(None), *found.region)
    edited[inside] = faces.mean_face(change, quick)[inside[1:]]
    return edited


def translated(change, found, seed, quick, folder, log):
    """What AttGAN makes of the faces."""
    game = translator(seed, quick, folder, log)
    return editing.editor_of(game, folder)(found.before, change)[0]


def moved(change, found, seed, quick, folder, log):
    """Faces whose codes are found and moved, the difference added to the faces."""
    game, encoder, directions = from_noise(seed, quick, folder, log)
    steps = QUICK_STEPS if quick else STEPS
    codes = inversion.invert(
        game, found.before, "both", encoder, steps=steps, seed=seed
    )
    made = editing.along(game, codes, directions[change])
    return editing.with_change(found.before, codes, made)


@functools.cache
def translator(seed, quick, folder, log):
    """Returns the trained AttGAN of a seed, which the rows share."""
    fields = {"grids": 10, "seed": seed} | (QUICK if quick else TRANSLATOR)
    data = attributed(faces.data(quick)[0], faces.EDITED)
    place = folder / f"translator-{seed}"
    return trained_variant("attgan", fields, data, place, log)


@functools.cache
def from_noise(seed, quick, folder, log):
    """Returns a game that draws faces from noise, its encoder, and its directions."""
    fields = QUICK if quick else FROM_NOISE
    config = Config(latent=LATENT, ema=0.999, grids=10, seed=seed, **fields)
    data, place = faces.data(quick)[0], folder / f"from-noise-{seed}"
    game = trained(NAME, build, config, place, log, dataset=data)
    encoder = encoding.load_encoder(game, place)
    if encoder is None:
        updates = QUICK_ENCODER_UPDATES if quick else ENCODER_UPDATES
        pixels = np.asarray(data["real"])
        encoder = encoding.train_encoder(
            game, pixels, updates=updates, seed=seed, log=log
        )
        encoding.save_encoder(game, encoder, place)
    reader = reader_of(
        data,
        [change.split("=")[0] for change in (*CHANGES, SKIN)],
        cache=folder / "classifiers",
        updates=QUICK_READER_UPDATES if quick else READER_UPDATES,
        log=log,
    )
    samples = QUICK_SAMPLES if quick else SAMPLES
    directions = finding.svm(game, reader, samples=samples, share=SHARE, seed=seed)
    return game, encoder, directions


def draw(table, cells, work, path):
    """Writes the faces, what each way makes of them, and the true edits, by change."""
    rows = []
    for change in CHANGES:
        first = strips.kept(work, named(change, "translator"))
        if not first:
            continue
        rows.append(strips.Strip("before", first["before"], given=True))
        for way in ("paste", "inversion", "translator"):
            images = strips.kept(work, named(change, way)).get("made")
            if images is not None:
                label = f"{change}, {way}"
                rows.append(strips.Strip(label, images, given=way == "paste"))
        rows.append(strips.Strip("true", first["true"], given=True))
    if rows:
        strips.picture(path, rows)


def named(change: str, way: str) -> str:
    """Returns the name of the row of a way of making a change."""
    return f"{change}: {WAYS[way][0]}"


WAYS = {
    "true": ("the true edit", true),
    "none": ("no edit", unchanged),
    "paste": ("the mean region, pasted", pasted),
    "inversion": ("inversion and direction", moved),
    "translator": ("translator", translated),
}
SMIRK = named(CHANGES[0], "translator")
PASTED = named(CHANGES[0], "paste")
OF_SKIN = f"{SKIN}: direction"
TABLE = Table(
    name=NAME,
    title="Drawn faces with one attribute changed, against the same faces drawn so",
    columns={
        **dict.fromkeys(("success", "preservation", "joint"), percent),
        "PSNR": "{:.1f} dB".format,
        "SSIM": "{:.3f}".format,
        "outside": "{:.2f}".format,
        "locality": percent,
        "separation": percent,
    },
    rows=tuple(
        Row(named(change, way), {}, {"change": change, "way": function})
        for change in CHANGES
        for way, (_, function) in WAYS.items()
    )
    + (Row(OF_SKIN, {}, {"change": SKIN, "way": None}),),
    measure=measure,
    departures=(
        (
            "No paper's table. Papers edit photographs, of which nobody knows how the same "
            "face would look with another mouth. DiceBear's faces (style micah by Micah "
            "Lanier, CC BY 4.0) are drawn again with one attribute changed."
        ),
        (
            "Test faces that lack what is asked for. PSNR and SSIM are to the true edit, in "
            "the box that the true edits of the attribute change; outside is the mean "
            "absolute difference to the face before, of 255, outside the box; locality is "
            "the share of the change inside."
        ),
        (
            "Success, preservation of the other attributes, and both together are read by a "
            "classifier of each attribute but hair colour, trained on real faces with a seed "
            "of its own: not the one that finds directions, nor D of the translator. What "
            "they say of the true edits is the best that can be had."
        ),
        (
            f"Translator: AttGAN with a mask, hinge loss and R1, {TRANSLATOR['width']} channels "
            f"wide, {TRANSLATOR['updates']:,} updates of batches of "
            f"{TRANSLATOR['batch_size']}; it learns {', '.join(faces.EDITED)}."
        ),
        (
            f"Inversion: a DCGAN, {FROM_NOISE['width']} channels wide, "
            f"{FROM_NOISE['updates']:,} updates of batches of {FROM_NOISE['batch_size']}; an "
            f"encoder, then {STEPS} steps; directions by SVM on {SAMPLES:,} codes, 3 "
            "deviations far; the change is added to the face. Separation: how many of the "
            "codes held out, with and without the option, lie on the right side of the "
            "direction's plane."
        ),
    ),
    quick=(
        (
            f"{faces.QUICK_FACES} faces to learn from, {faces.QUICK_EDITS} to edit, "
            f"{QUICK['updates']} updates of narrow networks, {QUICK_STEPS} steps and "
            f"{QUICK_SAMPLES} codes."
        ),
    ),
    targets=(
        Target(SMIRK, "success", ">=", 0.9),
        Target(SMIRK, "preservation", ">=", 0.95),
        Target(SMIRK, "joint", ">=", 0.8),
        Target(SMIRK, "outside", "<=", 4.0),
        Target(SMIRK, "PSNR", ">=", 24.0),
        Target(SMIRK, "PSNR", ">=", 0.0, minus=PASTED),
        Target(named(CHANGES[1], "inversion"), "separation", ">=", 0.9),
        Target(OF_SKIN, "separation", ">=", 0.9),
    ),
    draw=draw,
    folder=FOLDER,
)
