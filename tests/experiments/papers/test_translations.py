"""The tables of translations: what they ask for, measure and draw."""

import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgan.config import Translation
from kgan.data import Field, Spec, arrays, batches, steps_per_pass
from kgan.data.kinds import Image as Pictures
from kgan.experiments.papers import (
    TABLES,
    Lacking,
    facades,
    folders,
    reproduce,
    runs,
    strips,
    tasks,
    translations,
    usps,
)
from kgan.export.endpoints import endpoints
from kgan.training.options import Options
from kgan.training.run import Variant, prepare

LARGEST = 200_000  # bytes of a picture
EVENLY = [0, 3, 6, 10, 13, 16, 19, 23, 26, 29]  # ten of 30


def quiet(line):
    pass


def noise(count, side=32, channels=1, seed=0):
    shape = (count, side, side, channels)
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def stepped(name, build, config, folder, log, dataset):
    """As `runs.trained`, but of one step, without a graph, in nets as small as can be."""
    config = dataclasses.replace(config, width=2, batch_size=2).resolved(1)
    game = build(config, dataset.spec)
    game.fields = dataset.fields
    game.train_step(next(iter(batches(dataset, config.examples_per_step, seed=0))))
    return game


def spec(side, channels, source_channels=1):
    """Of a translation of images."""
    shapes = {"source": source_channels, "real": channels}
    return Spec(
        {k: Field((side, side, c), "uint8", Pictures()) for k, c in shapes.items()}
    )


@pytest.fixture
def one_step(monkeypatch):
    monkeypatch.setattr(runs, "trained", stepped)


@pytest.fixture
def given(monkeypatch):
    """A function: names a folder of $KGAN_TEST_DATA, or a reason to skip."""
    root = os.environ.get("KGAN_TEST_DATA", "")

    def find(name):
        if not root or not (Path(root) / name).is_dir():
            pytest.skip(f"$KGAN_TEST_DATA names no folder with {name}/")
        monkeypatch.setenv("KGAN_IMAGES_DIR", root)

    return find


def row_of(table, name):
    return next(row for row in TABLES[table].rows if row.name == name)


def test_what_the_papers_report():
    paper = {row.name: row.paper for row in TABLES["usps"].rows}
    assert list(paper["source only"].values()) == ["82.2 %", "69.6 %"]
    told = [paper["CycleGAN"][column] for column in (usps.TO_USPS, usps.TO_MNIST)]
    assert [one.split()[0] for one in told] == ["95.6", "96.4"]
    assert row_of("disco_toy", "DiscoGAN").paper == {"targets": "5"}
    methods = {row.options["task"] for row in TABLES["tasks"].rows}
    assert methods == {"colourise", "edges", "complete"}
    weights = [row.options["weight"] for row in TABLES["facades"].rows]
    assert weights == [None, 0.0, 1.0]


@pytest.mark.parametrize("name", ["facades", "usps", "tasks"])
def test_a_folder_that_is_lacking(name, tmp_path, monkeypatch):
    table = TABLES[name]
    for place, told in ((None, "not given"), (str(tmp_path), f"{tmp_path} has none")):
        if place:
            monkeypatch.setenv("KGAN_IMAGES_DIR", place)
        else:
            monkeypatch.delenv("KGAN_IMAGES_DIR", raising=False)
        with pytest.raises(Lacking) as lack:
            reproduce(table, tmp_path / "out", log=quiet)
        line = str(lack.value)
        assert f"table={name}: needs a folder {table.folder!r} in images_dir" in line
        assert told in line and "https://" in line and "\n" not in line
    assert not (tmp_path / "out").exists()
    (tmp_path / table.folder).mkdir()
    assert folders.find(table.folder, name) == tmp_path / table.folder


def test_a_table_that_is_whole_needs_no_folder(tmp_path, monkeypatch):
    found = dict.fromkeys(TABLES["facades"].columns, 1.0)
    table = dataclasses.replace(TABLES["facades"], measure=lambda *given: found)
    (tmp_path / "facades").mkdir()
    monkeypatch.setenv("KGAN_IMAGES_DIR", str(tmp_path))
    text = reproduce(table, tmp_path / "out", quick=True, log=quiet)
    monkeypatch.delenv("KGAN_IMAGES_DIR")
    assert reproduce(table, tmp_path / "out", quick=True, log=quiet) == text


GAMES = {
    "pix2pix": (translations.pix2pix(1.0), {}),
    **{name: (method.build, method.config) for name, method in usps.METHODS.items()},
}


@pytest.mark.parametrize("name", GAMES)
def test_a_run_is_ready(name, tmp_path):
    """As a run makes it: updates, data of each step, rates that fall to 0."""
    build, fields = GAMES[name]
    config = dataclasses.replace(
        Translation(**fields), batch_size=2, width=2, updates=7
    )
    domains = arrays.domains(
        noise(24), noise(30), paired=False, name="x-y", held_out=(noise(1), noise(1))
    )
    variant, options = Variant("test", build), Options(log=quiet)
    trainer = prepare(variant, domains, config, tmp_path, options)
    game, resolved = trainer.game, trainer.config
    rounds = config.discriminator_steps + config.generator_steps - 1
    assert game.rounds == rounds and config.examples_per_step == 2 * rounds
    steps = steps_per_pass(domains, config.examples_per_step)
    assert steps == trainer.steps == 30 // (2 * rounds)
    assert resolved.updates == resolved.epochs * steps * config.generator_steps >= 7
    rate = game.min_optimizer._learning_rate
    assert float(rate(resolved.updates)) == 0 < float(rate(resolved.updates - 1))


def test_a_method_is_as_its_paper_has_it():
    config = Translation(width=2).resolved(1)
    built = {
        name: method.build(config, spec(32, 1)) for name, method in usps.METHODS.items()
    }
    assert built["CycleGAN"].to_y.pool == 50 and not built["DualGAN"].to_y.pool
    assert built["DualGAN"].to_x.clip_weights == 0.01
    assert built["DiscoGAN"].distance == "l2"
    assert "G/features_y" in built["DiscoGAN"].tracked


def test_translated_is_the_samplers_image():
    config = Translation(width=2).resolved(1)
    game = translations.pix2pix(1.0)(config, spec(16, 3))
    pixels = noise(5, 16)
    made = translations.translated(game, pixels)
    assert made.shape == (5, 16, 16, 3) and made.dtype == np.uint8
    again = endpoints(game)["serving_default"][0](images=pixels)["images"]
    assert np.abs(made.astype(int) - np.asarray(again)).max() <= 1


@pytest.mark.slow
def test_facades(given, one_step, tmp_path, monkeypatch):
    """All 106 pairs, labels first; real photographs are as sharp as themselves."""
    given("facades")
    monkeypatch.setattr(facades, "SIDE", 16)
    facades.pairs.cache_clear()
    source, target = facades.tested(str(folders.find("facades", "facades")))
    assert source.shape == target.shape == (106, 16, 16, 3)
    colourful = [np.ptp(one.astype(int), -1).mean() for one in (source, target)]
    assert colourful[0] > 2 * colourful[1], "labels are plain colours"
    text = reproduce(TABLES["facades"], tmp_path, quick=True, log=quiet)
    facades.pairs.cache_clear()
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert "FID 119 to 125" in rows[-1] and "**–**" not in rows[-1]
    assert compared_to_itself(target) == {"sharpness": 1.0}
    for name, rows in ("facades-quick", 2), ("facades-quick-sheet", 4):
        with Image.open(tmp_path / f"{name}.png") as picture:
            assert picture.size == (150 + 10 * 66 + 2, rows * 68)
        assert (tmp_path / f"{name}.png").stat().st_size < LARGEST


def compared_to_itself(photographs):
    found = facades.compared(photographs, photographs)
    assert found.pop("KID-pixels") <= 0.01, "unbiased: about 0"
    return found


def labelled(count, seed):
    labels = np.arange(count, dtype=np.int32) % 10
    return arrays.images(
        noise(count, seed=seed), labels, name="digits", classes=usps.DIGITS
    )


def test_usps(one_step, tmp_path, monkeypatch):
    """A classifier for each way, what it is taught, and the way back."""
    parts = [
        {"train": labelled(20, 0), "test": labelled(30, 1)},
        {"train": labelled(40, 2), "test": labelled(50, 3)},
    ]
    monkeypatch.setattr(usps, "sets", lambda quick: parts)
    fits = []

    def fit(pixels, labels, classes, **given):
        fits.append((len(pixels), len(labels), len(given["test_pixels"])))
        return type("Fit", (), {"accuracy": fits[-1][0] / 100})

    monkeypatch.setattr(usps.metrics, "fit_classifier", fit)
    plain = usps.measure(row_of("usps", "source only"), 0, True, tmp_path / "a", quiet)
    assert plain == {"MNIST to USPS": 20.0, "USPS to MNIST": 40.0}
    assert fits == [(20, 20, 50), (40, 40, 30)]
    folder = tmp_path / "DualGAN-0"
    found = usps.measure(row_of("usps", "DualGAN"), 0, True, folder, quiet)
    assert found.keys() == set(TABLES["usps"].columns)
    assert fits[2:] == fits[:2] and 0 < found["cycle L1"] < 100
    kept = strips.kept(tmp_path, "DualGAN")
    np.testing.assert_array_equal(kept["x"], parts[0]["test"]["real"][EVENLY])
    usps.draw(TABLES["usps"], [], tmp_path, tmp_path / "usps.png")
    for name, rows in ("usps", 4), ("usps-sheet", 6):
        with Image.open(tmp_path / f"{name}.png") as picture:
            assert picture.height == rows * 68


def test_usps_is_digits_by_class(given):
    given("usps")
    images = usps._images.__wrapped__(str(folders.find("usps", "usps")), "test")
    assert images.spec.shape == (32, 32, 1) and len(images) == 2007
    # White on black, as MNIST is.
    assert images["real"].mean() < 100
    assert len(set(images["label"][:100].tolist())) == 10, "not class by class"


@pytest.mark.slow
def test_tasks(given, one_step, tmp_path, monkeypatch):
    """Colours are held out by name; a row of each task."""
    given("noto_emoji")
    monkeypatch.setattr(tasks, "SIDE", 16)
    tasks._images.cache_clear()
    tasks.taught.cache_clear()
    rows = [row for row in TABLES["tasks"].rows if row.options["task"] == "colourise"]
    table = dataclasses.replace(TABLES["tasks"], rows=tuple(rows))
    text = reproduce(table, tmp_path, quick=True, log=quiet)
    assert "| colourise, pix2pix |" in text and "**–**" not in text
    domains, (source, target) = tasks.taught("colourise", 0)
    assert len(source) == 300 and len(domains) == 3414 - 300
    assert source.shape[-1] == 1 and target.shape[-1] == 3
    with Image.open(tmp_path / "tasks-quick-sheet.png") as picture:
        assert picture.height == 4 * 68
    tasks._images.cache_clear()
    tasks.taught.cache_clear()


def test_a_picture_of_rows(tmp_path):
    """Ten of each, evenly, below each other; what is given only on the sheet."""
    strips.keep(tmp_path / "one-0", made=noise(30), source=noise(3, channels=3))
    kept = strips.kept(tmp_path, "one")
    np.testing.assert_array_equal(kept["made"], noise(30)[EVENLY])
    assert len(kept["source"]) == 3 and strips.kept(tmp_path, "two") == {}
    rows = [strips.Strip(k, v, given=k == "source") for k, v in kept.items()]
    strips.picture(tmp_path / "a.png", rows)
    with Image.open(tmp_path / "a.png") as made:
        assert made.size == (150 + 10 * 66 + 2, 68)
    with Image.open(tmp_path / "a-sheet.png") as picture:
        assert picture.size == (150 + 10 * 66 + 2, 2 * 68)
        drawn = np.asarray(picture.convert("RGB")).astype(int)
    grey, colour = drawn[:68, 150:], drawn[68:, 150:]
    assert 4 * np.ptp(grey, -1).mean() < np.ptp(colour, -1).mean()
    assert (drawn[:, :150].max(-1) < 60).any(), "labels"
