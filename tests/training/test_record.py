"""What a workdir knows about its run, and which command may go on with it."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgan.config import Config
from kgan.configs import gan
from kgan.data import DomainSource, Field, arrays
from kgan.data.kinds import Attributes, Label
from kgan.data.kinds.tokens import Tokens
from kgan.errors import UserError
from kgan.training.options import Options
from kgan.training.record import FORMAT, NAME, OURS, Record, located
from kgan.training.run import Variant, prepare


def test_written_and_read(record, tmp_path):
    record.write(tmp_path)
    assert Record.read(tmp_path) == record
    record.check_same_run(tmp_path)


@pytest.mark.parametrize("found", [None, FORMAT + 1])
def test_a_run_of_another_version_is_refused_in_one_line(record, tmp_path, found):
    record.write(tmp_path)
    plain = json.loads((tmp_path / NAME).read_text())
    plain["format"] = found
    if found is None:  # as the first version wrote it, with other fields
        plain = dict.fromkeys(("variant", "images", "shape", "computing"))
    (tmp_path / NAME).write_text(json.dumps(plain))
    for read in (
        lambda: Record.read(tmp_path),
        lambda: record.check_same_run(tmp_path),
    ):
        with pytest.raises(UserError, match="in format .* of another version") as error:
            read()
        assert "\n" not in str(error.value) and "fresh" in str(error.value)


@pytest.mark.parametrize("field", ["epochs", "updates", "grids"])
def test_a_run_may_become_longer(record, tmp_path, field):
    record.write(tmp_path)
    longer = dataclasses.replace(record, config=record.config | {field: 7})
    longer.check_same_run(tmp_path)


def test_a_record_that_is_older_than_a_field(record, tmp_path):
    record.write(tmp_path)
    plain = json.loads((tmp_path / NAME).read_text())
    del plain["config"]["grids"], plain["config"]["spectral_norm"]
    (tmp_path / NAME).write_text(json.dumps(plain))
    record.check_same_run(tmp_path)
    other = dataclasses.replace(record, config=record.config | {"spectral_norm": True})
    with pytest.raises(UserError, match="spectral_norm: False -> True"):
        other.check_same_run(tmp_path)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"variant": "cgan"}, "variant: gan -> cgan"),
        ({"dataset": "mnist"}, "dataset: digits -> mnist"),
        ({"split": "test"}, "split: train -> test"),
        ({"precision": "mixed_bfloat16"}, "precision: float32 -> mixed_bfloat16"),
        ({"classes": ("a",)}, "classes: "),
        ({"config": {"seed": 1}}, "seed: 0 -> 1"),
    ],
)
def test_another_run_is_refused(record, tmp_path, change, words):
    record.write(tmp_path)
    if "config" in change:
        change = {"config": record.config | change["config"]}
    with pytest.raises(UserError, match=words) as caught:
        dataclasses.replace(record, **change).check_same_run(tmp_path)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("name", OURS)
def test_files_of_our_names_that_are_no_runs(record, tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(UserError, match=f"holds '{name}' but no run.json"):
        record.check_same_run(tmp_path)


def test_files_of_other_names_are_no_matter(record, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    record.check_same_run(tmp_path)
    record.check_same_run(tmp_path / "not there yet")


def changed(record, **environment):
    return dataclasses.replace(record, environment=environment)


def test_what_changes_the_bits_is_told(record, tmp_path):
    assert changed(record, threads=2).environment_changes(tmp_path) == []
    changed(record, threads=2, jit=False).write(tmp_path)
    assert changed(record, threads=2, jit=False).environment_changes(tmp_path) == []
    told = changed(record, threads=4, jit=True).environment_changes(tmp_path)
    assert told == ["jit: False -> True", "threads: 2 -> 4"]


@pytest.mark.parametrize("change", ["pixel", "label", "number"])
def test_other_images_are_told(record, tmp_path, change):
    record.write(tmp_path)
    pixels, labels = np.zeros((5, 8, 8, 1), np.uint8), np.zeros(5, np.int32)
    if change == "pixel":
        pixels[4, 7, 7] = 1
    elif change == "label":
        labels[4] = 1
    else:
        pixels, labels = pixels[:4], labels[:4]
    images = arrays.images(pixels, labels, name="digits", classes=("a", "b"))
    other = dataclasses.replace(
        record, data=Record.of("gan", "", Config(), images, Options()).data
    )
    told = other.environment_changes(tmp_path)
    assert any(line.startswith("data.digest: ") for line in told)
    assert ("data.number: 5 -> 4" in told) == (change == "number")
    other.check_same_run(tmp_path)  # a folder may grow


def test_folders_are_found_from_anywhere_and_names_stay(tmp_path, monkeypatch):
    (tmp_path / "photos").mkdir()
    (tmp_path / "digits").mkdir()  # the data set of this name is meant
    monkeypatch.chdir(tmp_path)
    home = Path("~/photos").expanduser()
    for given, place in {
        "photos": tmp_path / "photos",
        "./photos/": tmp_path / "photos",
        "../elsewhere": tmp_path.parent / "elsewhere",
        "~/photos": home,
        "/a/b": "/a/b",
        "digits": "digits",
        "mnist": "mnist",
        "emnist/letters": "emnist/letters",
        "": "",
    }.items():
        assert located(given) == str(place)
        assert located(located(given)) == str(place)


@pytest.mark.parametrize("given", [str, Path])
def test_a_run_on_a_folder_is_the_same_from_elsewhere(monkeypatch, tmp_path, given):
    desk = tmp_path / "desk"
    (desk / "flat").mkdir(parents=True)
    for i in range(8):
        Image.fromarray(np.full((8, 8), i, np.uint8)).save(desk / "flat" / f"{i}.png")
    monkeypatch.chdir(desk)
    options = Options(log=lambda line: None, data_dir="sets")
    variant, config = (
        Variant.of("gan", gan),
        gan.Config(width=1, batch_size=8, epochs=1),
    )
    first = prepare(variant, given("flat"), config, tmp_path, options).record
    assert first.dataset == str(desk / "flat")
    assert first.data_dir == str(desk / "sets")
    first.write(tmp_path)
    monkeypatch.chdir(desk / "flat")
    again = prepare(variant, given("../flat"), config, tmp_path, options).record
    again.check_same_run(tmp_path)
    # As earlier versions wrote it.
    monkeypatch.chdir(desk)
    dataclasses.replace(first, dataset="flat").write(tmp_path)
    first.check_same_run(tmp_path)


def test_both_domains_are_found_from_anywhere(record, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = dataclasses.asdict(DomainSource(source="./a", target="./b"))
    old = dataclasses.replace(record, asked=asked)
    places = asked | {"source": str(tmp_path / "a"), "target": str(tmp_path / "b")}
    old.write(tmp_path)
    dataclasses.replace(record, asked=places).check_same_run(tmp_path)
    with pytest.raises(UserError, match="target: .*/b -> .*/c"):
        other = places | {"target": str(tmp_path / "c")}
        dataclasses.replace(record, asked=other).check_same_run(tmp_path)


def test_changed_data_are_told(record):
    images = arrays.images(np.zeros((5, 8, 8, 1), np.uint8), np.zeros(5, np.int32))
    assert record.data_changes(images) == []
    fewer = record.data_changes(images.part(slice(4)))
    assert fewer[1] == "number: 5 -> 4" and fewer[0].startswith("digest: ")
    some = dataclasses.replace(record, split="train[:3]")
    assert some.data_changes(images.part(slice(4))) == []


def test_words_in_another_order_are_another_run(record, tmp_path):
    """The networks know a word by its number."""
    kinds = [
        Tokens(("a", "red", "bird")),
        Tokens(("a", "bird", "red")),
        Tokens(("a", "red", "bird"), examples=("a bird",)),
    ]
    runs = [
        dataclasses.replace(
            record, fields=record.fields | {"caption": Field((4,), "int32", kind)}
        )
        for kind in kinds
    ]
    runs[0].write(tmp_path)
    runs[0].check_same_run(tmp_path)
    with pytest.raises(
        UserError, match="another run .caption of the data: captions of"
    ):
        runs[1].check_same_run(tmp_path)
    runs[2].check_same_run(tmp_path)  # a caption that went leaves the words as they are


def test_options_in_another_order_are_another_run(record, tmp_path):
    """Also where a field of the configuration has the name of the data's."""
    config = record.config | {"attributes": "hat"}
    runs = [
        dataclasses.replace(
            record,
            config=config,
            fields={"attributes": Field((1,), "int32", Attributes({"hat": options}))},
        )
        for options in (("no", "yes"), ("none", "some"))
    ]
    runs[0].write(tmp_path)
    with pytest.raises(UserError, match="attributes of the data"):
        runs[1].check_same_run(tmp_path)


def test_a_plain_language_model_may_become_longer(record, tmp_path):
    def of(updates, warm_up):
        config = record.config | {"updates": updates, "warm_up": warm_up, "epochs": 5}
        return dataclasses.replace(record, config=config)

    of(2410, 2410).write(tmp_path)
    of(4820, 4820).check_same_run(tmp_path)
    with pytest.raises(UserError, match="warm_up: all iterations -> 2410"):
        of(4820, 2410).check_same_run(tmp_path)


def test_names_of_a_condition_may_have_spaces(record):
    kind = Label((2, 3))
    label = Field((), "int32", kind)
    spaced = dataclasses.replace(
        record,
        fields=record.fields | {"label": label},
        config=record.config | {"condition": "class, tint,"},
    )
    assert spaced.class_attributes == ("class", "tint")
