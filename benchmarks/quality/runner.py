"""Runs the contenders in turns, each in a new process, and scores what they leave."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks import runner
from benchmarks.quality.races import CONTENDERS, RACES, Task
from kgan.errors import UserError
from kgan.files import replacing
from kgan.pictures import save_png, tile

COMMAND = "benchmarks/run --quality"
FIELDS = {"contender", "race", "seed", "minutes", "recipe", "run", "scores"}
SHEET = 8  # images on a side of it


def choose(races, contenders, log=print):
    """Returns the races and the contenders that are named; for "all", the installed ones.

    Raises:
        UserError: an unknown name, or a named contender that is not installed.
    """
    found = runner.chosen(contenders, CONTENDERS, "contender")
    absent = [one for one in found if one.missing]
    for one in absent:
        told = f"{one.name}: {', '.join(one.missing)} is not installed"
        if contenders != "all":
            raise UserError(f"--contender={told}; install it, or leave this one out")
        log(f"left out: {told}")
    chosen = runner.chosen(races, RACES, "data")
    return chosen, [one for one in found if one not in absent]


def run(
    races, contenders, *, seeds, minutes, path, load, scored_by, start, about, log=print
):
    """Trains every contender in every race, scores it, and writes `path` after each.

    What `path` holds already is kept and not trained again; a run that was interrupted
    begins anew. If a contender fails, that is logged, and the others go on.

    Args:
        races: `Race`s.
        contenders: `Contender`s.
        seeds: how many there are: 0, 1 and so on.
        minutes: of training, 0 for those of the race.
        path: the JSON file of the results. The samples lie in a folder of its name.
        load: race -> its `images.Images`.
        scored_by: (race, images) -> its `scorer.Scorer`.
        start: `Task` -> what `worker.raced` returns; runs the worker.
        about: a dict that describes the machine.
        log: called with a line for each run.

    Returns:
        (what the JSON holds: {"about", "scorers": race -> what `Scorer.about` holds,
        "entries": [{"contender", "race", "seed", "minutes", "recipe", "run", "scores"}]},
        a line for each run that failed).

    Raises:
        UserError: `path` holds runs of another machine, length, recipe or scorer.
    """
    kept = read(path) if path.exists() else {"entries": [], "scorers": {}}
    _check_machine(path, kept, about)
    kept["about"] = about
    failed = []
    for race in races:
        length = minutes or race.minutes
        _check_length(path, kept, race, length)
        images = load(race)
        file = _saved(images, path, race)
        scorer = scored_by(race, images)
        _check_scorer(path, kept, race, scorer)
        kept["scorers"][race.name] = scorer.about
        for seed in range(seeds):
            for one in contenders:
                if not one.takes(race) or _entry(path, kept, one, race, seed):
                    continue
                folder = path.with_suffix("") / f"{race.name}-{one.name}-{seed}"
                given = one.name, race.name, seed, length, race.samples, race.shape
                task = Task(*given, str(file.resolve()), str(folder.resolve()))
                try:
                    found = start(task)
                except UserError as error:
                    failed.append(str(error))
                    log(failed[-1])
                    continue
                entry = {"contender": one.name, "race": race.name, "seed": seed}
                entry |= {"minutes": length, "recipe": one.recipe, "run": found}
                entry["scores"] = _scored(found["points"], folder, scorer)
                kept["entries"].append(entry)
                runner.write(path, kept)
                log(_line(entry))
    return kept, failed


def start_worker(task):
    """Runs `benchmarks.quality.worker` in a new process, and returns what it found.

    Raises:
        UserError: the process failed; the message is the last line that it wrote.
    """
    of = f"{task.race}, {task.contender}"
    return runner.answer("benchmarks.quality.worker", json.dumps(asdict(task)), of=of)


def read(path):
    """Reads what an earlier call has written.

    Raises:
        UserError: the file is damaged, or holds something else.
    """
    kept = runner.read(path, "entries", FIELDS, COMMAND)
    if not isinstance(kept.get("scorers"), dict):
        raise UserError(f"{path}: no results of {COMMAND} (no scorers)")
    return kept


def _entry(path, kept, contender, race, seed):
    """The entry of a run that is there already, or None."""
    name = contender.name, race.name, seed
    for one in kept["entries"]:
        if (one["contender"], one["race"], one["seed"]) != name:
            continue
        if one["recipe"] != contender.recipe:
            raise UserError(
                f"{path}: its runs of {contender.name} are of another recipe than that "
                "of today; take another --out"
            )
        return one
    return None


def _check_machine(path, kept, about):
    before = kept.get("about", about)["machine"]
    if kept["entries"] and before != about["machine"]:
        raise UserError(
            f"{path}: holds runs on {before}, and this is {about['machine']}: minutes of "
            "different machines say nothing; take another --out"
        )


def _check_length(path, kept, race, minutes):
    lengths = {one["minutes"] for one in kept["entries"] if one["race"] == race.name}
    if lengths - {minutes}:
        raise UserError(
            f"{path}: holds runs of {race.name} of {lengths.pop():g} minutes, not "
            f"{minutes:g}; take another --out, or the same --minutes"
        )


def _check_scorer(path, kept, race, scorer):
    before = kept["scorers"].get(race.name, scorer.about)
    if before["digest"] != scorer.about["digest"]:
        raise UserError(
            f"{path}: its runs of {race.name} were scored by another classifier; put its "
            "cache back, or take another --out"
        )


def _saved(images, path, race):
    """Writes the images that contenders learn from; returns the file."""
    file = path.with_suffix("") / f"{race.name}.npy"
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as temporary:
        np.save(temporary, images.pixels)
    return file


def _scored(points, folder, scorer):
    """The scores of each point; writes a sheet of its samples next to them."""
    found = []
    for point in points:
        with np.load(Path(folder) / point["file"], allow_pickle=False) as held:
            samples = held["samples"]
        sheet = tile(samples[: SHEET**2], SHEET, SHEET)
        save_png((Path(folder) / point["file"]).with_suffix(".png"), sheet)
        found.append(scorer.scores(samples))
    return found


def _line(entry):
    point, scores = entry["run"]["points"][-1], entry["scores"][-1]
    return (
        f"{entry['race']}, {entry['contender']}, seed {entry['seed']}: after "
        f"{point['minutes']:.1f} minutes and {point['images']:,} images FID "
        f"{scores['fid']:.1f}, KID {scores['kid']:.3g}, recall {scores['recall']:.2f}"
    )
