"""Shards hold what memory would, in the same order, and say what is wrong with them."""

import itertools
import json
import shutil

import numpy as np
import pytest

import kgan
from kgan.data import batches, load, load_held_out, prepare
from kgan.data.shards import storage
from kgan.errors import UserError
from kgan.training import loop
from tests.conformance import games
from tests.data.shards.comparing import alike, quiet


@pytest.fixture(scope="module")
def shards(photos, tmp_path_factory):
    """Shards of the folder, in files of ten pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "MOST_ROWS", 10)
        out = tmp_path_factory.mktemp("out") / "shards"
        return prepare(photos, out, captions=True, encoding="png", log=quiet)


@pytest.fixture
def copy(shards, tmp_path):
    return shutil.copytree(shards, tmp_path / "copy")


@pytest.mark.parametrize("wanted", [{"captions": True}, {"condition": ["colour"]}])
def test_shards_are_the_folder_with_captions_classes_and_attributes(
    photos, shards, wanted
):
    held, read = (load(one, log=quiet, **wanted) for one in (photos, shards))
    assert len(read) == 44 and read.describe().endswith("in shards")
    alike(held, read)
    condition = {"condition": wanted.get("condition", ())}
    tests = (
        load_held_out(one, data, log=quiet, **condition)
        for one, data in ((photos, held), (shards, read))
    )
    alike(*tests)


@pytest.mark.parametrize("start", [(0, 0), (1, 3)])
def test_the_order_is_that_of_memory_from_any_step_on(photos, shards, start):
    feeds = [
        batches(load(one, captions=True, log=quiet), 8, seed=3, start=start)
        for one in (photos, shards)
    ]
    assert feeds[0].element_spec == feeds[1].element_spec
    for one, other in itertools.islice(zip(*feeds, strict=True), 12):
        assert one.keys() == other.keys()
        for name, value in one.items():
            np.testing.assert_array_equal(value, other[name])


def test_rows_are_read_as_those_of_an_array(photos, shards):
    held, rows = (load(one, log=quiet) for one in (photos, shards))
    array, rows = held["real"][[*range(20), *range(21, 44)]], rows["real"]
    rows = rows.part(np.arange(44) != 20)
    assert (rows.shape, rows.dtype, rows.nbytes) == (array.shape, "uint8", array.nbytes)
    for key in (4, -1, slice(3, 30, 7), [30, 2, 2, -1], array[:, 0, 0, 0] > 99, []):
        np.testing.assert_array_equal(rows[key], array[key])
    np.testing.assert_array_equal(np.asarray(rows.part(slice(9))[::2]), array[:9:2])
    assert rows.digest != rows.part(slice(9)).digest
    with pytest.raises(IndexError):
        load(shards, log=quiet)["real"][[44]]


def test_what_is_not_asked_for_is_not_read(shards, monkeypatch):
    data, read = load(shards, log=quiet), []
    real = type(data["real"])
    original = real._read
    monkeypatch.setattr(
        real,
        "_read",
        lambda self, n, places: read.extend(places) or original(self, n, places),
    )
    data.digest(), data.describe(), data.part(slice(5, 40)), data.nbytes
    assert not read
    assert data.take(6)["real"].shape[0] == 6 and len(read) == 6


def test_a_training_gives_the_same_bits_as_from_memory(photos, tmp_path):
    """From shards as in two runs, of which the first ends in the middle of an epoch."""
    out, states = prepare(photos, tmp_path / "out", channels=1, log=quiet), []
    for place, ends in ((photos, [(3, 0)]), (out, [(1, 2), (3, 0)])):
        data, game = load(place, channels=1, log=quiet), games.build("gan-mlp")
        start = loop.Position()
        for end in ends:
            feed = batches(data, 8, seed=1, start=start)
            steps = iter(range(100))
            start = loop.train(
                game,
                feed,
                [],
                loop.Span(end[0] + bool(end[1]), 5, start),
                # Asked before each epoch and each step.
                lambda steps=steps, end=end: next(steps) >= (9 if end[1] else 100),
            )
            assert start == end
        states.append([v.numpy().tobytes() for v in game.state])
    assert states[0] == states[1]


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda out: (out / "train/00002.array_record").unlink(), "00002.*is missing"),
        (lambda out: cut(out / "train/00002.array_record"), "00002.*is damaged"),
        (lambda out: (out / "train/label.npy").unlink(), "label.npy: is missing"),
        (lambda out: cut(out / "train/label.npy"), "label.npy: is damaged"),
        (
            lambda out: cut(out / "shards.json") or cut(out / "shards.json"),
            "is damaged",
        ),
        (lambda out: (out / "shards.json").write_text("[]"), "is damaged"),
        (
            lambda out: (out / "shards.json").write_text(
                json.dumps({"format": "kgan shards", "version": 9})
            ),
            "of the format kgan shards 9, and this kgan reads kgan shards 1",
        ),
        (
            lambda out: (
                (out / "train/00000.array_record").rename(out / "a.array_record")
                and (out / "shards.json").unlink()
            ),
            "files of records but no shards.json",
        ),
    ],
)
def test_what_is_wrong_with_shards_is_one_line(copy, harm, message):
    harm(copy)
    with pytest.raises(UserError, match=message) as error:
        load(copy, log=quiet)
    assert (
        "\n" not in str(error.value)
        and "again" in str(error.value)
        or "give" in str(error.value)
    )


def test_content_that_is_damaged_ends_a_training_with_one_line(copy, tmp_path):
    for path in (copy / "train").glob("*.array_record"):
        content = bytearray(path.read_bytes())
        content[400] ^= 255
        path.write_bytes(content)
    with pytest.raises(UserError, match="is damaged.*prepare_data") as error:
        kgan.train("gan", str(copy), tmp_path / "run", batch_size=8, width=4, log=quiet)
    assert error.value.exit_code == 1 and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"image_size": 16}, "image_size=16: .* prepared with image_size=8"),
        ({"channels": 1}, "channels=1: .* prepared with channels=3"),
        ({"fit": "pad"}, "fit=pad: .* prepared with crop"),
        ({"levels": (0, 9)}, "range=0,9: .* prepared with 8 bits"),
        ({"split": "half"}, "split=half: .* has the splits train and test"),
    ],
)
def test_what_shards_are_not_is_refused(shards, asked, message):
    with pytest.raises(UserError, match=message):
        load(shards, log=quiet, **asked)
