"""What an experiment prints and writes; and, slowly, each of them against theory."""

import json
import math
import time

import pytest
from matplotlib.figure import Figure
from PIL import Image

from kgan.errors import UserError
from kgan.experiments.theory import (
    EXPERIMENTS,
    Experiment,
    Number,
    mode_collapse,
    perform,
)


def figure():
    made = Figure((2, 1))
    made.subplots().plot([0, 1])
    return made


def frames():
    return [Image.new("RGB", (8, 6), colour) for colour in ("red", "green", "blue")]


NUMBERS = [Number("V", -1.38, -math.log(4), 0.01), Number("modes", 3)]


@pytest.mark.parametrize("picture, suffix", [(figure, "png"), (frames, "gif")])
def test_numbers_are_told_and_kept(tmp_path, picture, suffix):
    told = []
    seeds = []

    def play(seed, log):
        seeds.append(seed)
        log("by the way")
        return NUMBERS, picture()

    out = tmp_path / "new" / "folder"
    made = Experiment("test", "A title", play)
    assert perform(made, out, seed=5, log=told.append) == NUMBERS and seeds == [5]
    assert told[:3] == [
        "by the way",
        "V: measured -1.38, theory -1.386",
        "modes: measured 3",
    ]
    path = out / f"test.{suffix}"
    assert str(path) in told[3] and len(told) == 4
    with Image.open(path) as drawn:
        assert getattr(drawn, "n_frames", 1) == (3 if suffix == "gif" else 1)
    plain = json.loads((out / "test.json").read_text())
    assert (plain["experiment"], plain["seed"]) == ("test", 5)
    assert plain["numbers"][0]["theory"] == -math.log(4)
    assert plain["numbers"][1] == {"name": "modes", "measured": 3}


def test_agreement():
    assert Number("a", 1.0, 1.1, 0.2).agrees and not Number("a", 1.0, 1.3, 0.2).agrees
    assert Number("a", 1.0).agrees and Number("a", 1.0, 9.0).agrees
    assert not Number("a", math.nan, 1.0, 0.2).agrees


def test_a_folder_that_cannot_be_written_is_told_before_the_work(tmp_path):
    (tmp_path / "file").write_text("mine")
    made = Experiment("test", "A title", lambda *_: pytest.fail("too early"))
    with pytest.raises(UserError, match="file/x: cannot be written"):
        perform(made, tmp_path / "file" / "x")


def test_without_mnist_the_digits_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    told = []
    train, test = mode_collapse.digits(told.append)
    assert (train.name, len(train), len(test)) == ("digits", 1437, 360)
    assert "no MNIST, which is not prepared in" in told[0]
    assert "embedded digits" in told[0] and "download" not in told[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_agrees_with_its_closed_form(name, tmp_path):
    """In under two minutes of an idle machine."""
    before = time.process_time()
    numbers = perform(EXPERIMENTS[name], tmp_path)
    assert not [str(number) for number in numbers if not number.agrees]
    assert time.process_time() - before < 240, "two cores"
    if name == "mode_collapse":
        found = {n.name.split(", KL")[0]: n.measured for n in numbers if "KL" in n.name}
        for place in ("ring", "digits"):
            cured = found[f"{place}, WGAN-GP"], found[f"{place}, R1, 3"]
            assert max(cured) < found[f"{place}, minimax"] / 1.5
    (picture,) = [p for p in tmp_path.iterdir() if p.suffix in (".png", ".gif")]
    assert picture.stat().st_size <= 200_000
