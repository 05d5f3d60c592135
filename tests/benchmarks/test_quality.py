"""Time to quality: the watch, the runner and the report, with runs that are made up."""

import json
import math

import numpy as np
import pytest
from PIL import Image

from benchmarks.quality import images, picture, report, runner
from benchmarks.quality.races import CONTENDERS, RACES, Race, moments
from benchmarks.quality.watch import Watch
from kgan.errors import UserError

ABOUT = {"machine": "an abacus", "threads": 2}
SIDE = 8
RACE = Race("mnist", (SIDE, SIDE, 1), 10, samples=64)


class Time:
    """A clock that the test sets."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


def test_the_watch_stands_while_samples_are_left():
    time, left = Time(), []

    def leave(number, minutes, seen, draw):
        left.append((number, minutes, seen, draw(3)))
        time.seconds += 1000  # which are no minutes of training

    watch = Watch([1, 2, 4], leave, time)
    watch.start()
    going = []
    for step in range(8):
        time.seconds += 30
        going.append(watch.goes_on(step, lambda n: n))
    assert left == [(0, 1.0, 1, 3), (1, 2.0, 3, 3), (2, 4.0, 7, 3)]
    assert going == [True] * 7 + [False] and watch.enough


def test_a_long_step_passes_several_moments_and_an_end_of_its_own_is_the_last():
    time, left = Time(), []
    watch = Watch([1, 2, 4], lambda *given: left.append(given[:3]), time)
    watch.start()
    time.seconds += 150
    assert watch.goes_on(10, None)
    watch.finish(10, None)  # nothing was learned since
    assert not watch.enough
    time.seconds += 30
    watch.finish(12, None)
    assert left == [(0, 2.5, 10), (2, 3.0, 12)] and watch.enough


def test_moments_are_a_geometric_series():
    found = moments(15)
    assert found[-1] == 15 and 0.2 < found[0] < 0.5
    assert np.allclose(np.diff(np.log(found)), np.log(found[1] / found[0]))


@pytest.mark.parametrize("side", [28, 32, 64])
def test_real_images_come_back_from_another_side_as_they_were(side):
    pixels = np.random.default_rng(0).integers(0, 256, (2, 28, 28, 3), np.uint8)
    large = images.enlarged(pixels, side)
    assert large.shape == (2, side, side, 3)
    np.testing.assert_array_equal(images.reduced(large, 28), pixels)


def test_a_sample_of_another_side_becomes_the_means_of_its_pixels():
    sample = np.zeros((1, 64, 64, 1), np.uint8)
    sample[0, 4:6, 4:6, 0] = [[10, 20], [30, 41]]  # the first 4 are the border
    small = images.reduced(sample, 28)
    assert small[0, 0, 0, 0] == 25 and not small[0, 1:].any()


def scores(fid):
    return {
        "fid": fid,
        "kid": fid / 1000,
        "kid_interval": [0.0, 1.0],
        "recall": 0.5,
        "precision": 0.5,
    }


OF_SCORER = {"accuracy": 0.9, "digest": "d", "real": 100, "floor": scores(2.0)}


class Scorer:
    """Stands for the classifier: the distance is the mean of the pixels."""

    about = OF_SCORER

    def scores(self, samples):
        assert samples.shape[1:] == RACE.shape and samples.dtype == np.uint8
        return scores(float(samples.mean()))


# The distances at the moments of 2, 5 and 10 minutes.
FIDS = {"kgan": (60, 20, 10), "keras-dcgan": (90, 60, 30), "torch-dcgan": (80, 50, 20)}


class Workers:
    """Stands for the processes: leaves images of one value at each moment."""

    def __init__(self, fails=()):
        self.started, self.fails = [], fails

    def __call__(self, task):
        self.started.append((task.contender, task.seed))
        if task.contender in self.fails:
            raise UserError(f"{task.contender}: failed: no memory")
        assert np.load(task.images).shape == (5, *RACE.shape)
        folder = runner.Path(task.folder)
        folder.mkdir(parents=True)
        points = []
        for number, (minutes, fid) in enumerate(
            zip((2, 5, 10), FIDS[task.contender], strict=True)
        ):
            samples = np.full((task.samples, *RACE.shape), fid + task.seed, np.uint8)
            np.savez(folder / f"{number}.npz", samples=samples)
            file = f"{number}.npz"
            points.append({"minutes": minutes, "images": 100 * minutes, "file": file})
        facts = {"versions": {task.contender: "1.0"}}
        return {"points": points, "busy": 0.01, "facts": facts}


def raced(
    path, workers, names=("kgan", "keras-dcgan", "torch-dcgan"), about=ABOUT, **given
):
    pixels = np.zeros((5, *RACE.shape), np.uint8)
    whole = {"seeds": 1, "minutes": 0, "scored_by": lambda race, held: Scorer()} | given
    return runner.run(
        [RACE],
        [CONTENDERS[name] for name in names],
        path=path,
        load=lambda race: images.Images(pixels, None, None, None, 10),
        start=workers,
        about=about,
        log=lambda line: None,
        **whole,
    )


def test_every_contender_runs_once_and_is_scored(tmp_path):
    workers = Workers()
    kept, failed = raced(tmp_path / "out.json", workers, seeds=2)
    assert not failed and kept == runner.read(tmp_path / "out.json")
    assert [seed for _, seed in workers.started] == [0, 0, 0, 1, 1, 1]
    assert [one["fid"] for one in kept["entries"][0]["scores"]] == [60, 20, 10]
    sheet = tmp_path / "out" / "mnist-kgan-0" / "2.png"
    with Image.open(sheet) as opened:
        assert opened.size[0] == opened.size[1] > 8 * SIDE


def test_goes_on_where_it_was_and_past_a_failure(tmp_path):
    path = tmp_path / "out.json"
    kept, failed = raced(path, Workers(fails=("keras-dcgan",)))
    assert len(kept["entries"]) == 2 and failed == ["keras-dcgan: failed: no memory"]
    workers = Workers()
    raced(path, workers, seeds=2)
    again = [("keras-dcgan", 0), ("kgan", 1), ("keras-dcgan", 1), ("torch-dcgan", 1)]
    assert workers.started == again


def test_what_cannot_be_compared_is_refused(tmp_path):
    path = tmp_path / "out.json"
    raced(path, Workers(), ("kgan",))
    with pytest.raises(UserError, match="holds runs of mnist of 10 minutes, not 3"):
        raced(path, Workers(), minutes=3)

    class Other(Scorer):
        about = OF_SCORER | {"digest": "e"}

    with pytest.raises(UserError, match="scored by another classifier"):
        raced(path, Workers(), scored_by=lambda race, held: Other())
    with pytest.raises(UserError, match="holds runs on an abacus, and this is a pen"):
        raced(path, Workers(), about=ABOUT | {"machine": "a pen"})
    kept = runner.read(path)
    kept["entries"][0]["recipe"] = "older"
    path.write_text(json.dumps(kept))
    with pytest.raises(UserError, match="its runs of kgan are of another recipe"):
        raced(path, Workers(), ("kgan",))
    for text in ('{"entries": [{"race": 1}]}', '{"entries": []}', "no json"):
        path.write_text(text)
        with pytest.raises(UserError, match="no results of benchmarks/run --quality"):
            runner.read(path)


def test_the_table_says_when_the_best_peer_was_reached(tmp_path):
    kept, _ = raced(tmp_path / "out.json", Workers())
    first, second, third = report.rows(kept, "mnist")
    names = [row.contender for row in (first, second, third)]
    assert names == ["kgan", "torch-dcgan", "keras-dcgan"]
    assert report.best_peer(kept["entries"]) == "torch-dcgan"
    # kgan has the 20 of torch-dcgan after 5 of its 10 minutes, and ends at half of it.
    assert first.reached.middle == 5 and first.share.middle == 0.5
    assert first.ratio.middle == 0.5 and second.share.middle == 1.0
    assert math.isinf(third.reached.middle) and third.ratio.middle == 1.5
    told = report.markdown(kept)
    assert "| 5.0 min | 0.50 | 10.0 | 0.50 | 0.01 | 0.50 | 1,000 |" in told
    assert "not reached" in told and "2.0 (floor)" in told and "an abacus" in told


def test_seeds_are_a_median_with_the_least_and_the_most(tmp_path):
    kept, _ = raced(tmp_path / "out.json", Workers(), ("kgan", "torch-dcgan"), seeds=3)
    row = report.rows(kept, "mnist")[0]
    assert row.fid == report.OfSeeds(11, 10, 12) and row.seeds == 3
    assert "11.0 (10.0–12.0)" in report.markdown(kept)


def test_without_a_peer_there_is_nothing_to_reach(tmp_path):
    kept, _ = raced(tmp_path / "out.json", Workers(), ("kgan",))
    assert report.rows(kept, "mnist")[0].ratio is None
    assert "kgan" in report.markdown(kept)


def test_draws_every_contender_with_its_sheet(tmp_path):
    kept, _ = raced(tmp_path / "out.json", Workers())
    picture.draw(kept, "mnist", tmp_path / "out", tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as opened:
        assert opened.size == (1280, 780)


def test_chooses_by_name_and_names_what_is_not_installed(monkeypatch):
    races, found = runner.choose("mnist,clothing", "kgan")
    assert races == [RACES["mnist"], RACES["clothing"]]
    assert found == [CONTENDERS["kgan"]]
    with pytest.raises(UserError, match="--data=mnits: unknown.*mnist"):
        runner.choose("mnits", "all")
    there = property(lambda one: ["torch"] if "torch" in one.packages else [])
    monkeypatch.setattr(type(CONTENDERS["kgan"]), "missing", there)
    said = []
    _, found = runner.choose("mnist", "all", said.append)
    assert [one.name for one in found] == ["kgan", "kgan-dcgan", "keras-dcgan"]
    assert "left out: torch-dcgan: torch is not installed" in said
    with pytest.raises(UserError, match="--contender=torch-dcgan: torch is not"):
        runner.choose("mnist", "torch-dcgan")


def test_the_smaller_networks_are_for_small_images():
    small = CONTENDERS["torch-dcgan-32"]
    assert small.takes(RACES["mnist"]) and not small.takes(RACES["clothing"])


def test_a_folder_is_looked_for_where_the_variable_says(monkeypatch):
    monkeypatch.delenv("KGAN_IMAGES_DIR", raising=False)
    with pytest.raises(UserError, match=r"--data=clothing: lies in a folder of \$KGAN"):
        images.load(RACES["clothing"])


def test_json_of_a_task_comes_back():
    from dataclasses import asdict

    from benchmarks.quality.races import Task

    task = Task("kgan", "mnist", 0, 1.5, 4, (8, 8, 1), "a.npy", "b")
    plain = json.loads(json.dumps(asdict(task)))
    assert Task(**plain | {"shape": tuple(plain["shape"])}) == task
