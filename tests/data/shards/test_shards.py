"""Shards hold what memory would, in the same order, and say what is wrong with them."""

import itertools
import json
import shutil

import numpy as np
import pytest
import tensorflow_datasets as tfds
from PIL import Image

import kgan
from kgan.data import batches, load, load_held_out, prepare
from kgan.data.shards import storage
from kgan.errors import UserError
from kgan.training import loop
from tests.conformance import games


def quiet(line):
    pass


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """A folder with classes, a test part, captions, attributes and a broken file."""
    root, rng = tmp_path_factory.mktemp("photos"), np.random.default_rng(0)
    lines = ["file,caption,colour"]
    for split, count in (("train", 45), ("test", 33)):
        for number in range(count):
            path = root / split / "ab"[number % 2] / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = rng.integers(0, 255, (8, 8, 3), np.uint8)
            Image.fromarray(pixels).save(path)
            words = ("a red hat", "a blue one")
            name = path.relative_to(root)
            lines += [f"{name},{words[number % 2]},{words[number % 2].split()[1]}"]
            lines += [f"{name},another,{words[number % 2].split()[1]}"] * (number == 3)
    (root / "train" / "b" / "1.png").write_bytes(b"no picture")
    (root / "captions.csv").write_text("\n".join(lines))
    return root


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


def alike(one, other):
    assert one.describe().split(",")[:-1] == other.describe().split(",")[:-1]
    assert one.fields == other.fields and one.classes == other.classes
    assert one.left_out == other.left_out and one.levels == other.levels
    for name in one.fields:
        np.testing.assert_array_equal(one[name], other[name])
    for name, several in one.alternatives.items():
        np.testing.assert_array_equal(several, other.alternatives[name])
    assert one.attributes.keys() == other.attributes.keys()
    for name, attribute in one.attributes.items():
        assert attribute.options == other.attributes[name].options
        np.testing.assert_array_equal(attribute.values, other.attributes[name].values)


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


def test_preparing_goes_on_and_mends(photos, tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "MOST_ROWS", 10)
    made, said, make = [], [], storage._Shard.make

    def killed(self, *rest):
        made.append(self.path.name)
        if len(made) == 3:
            raise KeyboardInterrupt
        return make(self, *rest)

    monkeypatch.setattr(storage._Shard, "make", killed)
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        prepare(photos, out, log=quiet)
    with pytest.raises(UserError, match="not prepared to its end; run the same"):
        load(out, log=quiet)
    prepare(photos, out, log=said.append)
    assert "train: 2 of 5 files are whole" in said
    assert len(made) == 3 + 3 + 4, "the third again, two more, and the test part"
    broken = out / "train" / "00001.array_record"
    content = bytearray(broken.read_bytes())
    content[400] ^= 255
    broken.write_bytes(content)
    (out / "train" / "label.npy").unlink()
    prepare(photos, out, log=quiet)
    assert made[10:] == [broken.name]
    alike(load(photos, log=quiet), load(out, log=quiet))
    with pytest.raises(UserError, match=r"holds other shards \(image_size: 0 -> 4\)"):
        prepare(photos, out, image_size=4, log=quiet)
    with pytest.raises(UserError, match="is shards already"):
        prepare(out, tmp_path / "again", log=quiet)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    with pytest.raises(UserError, match=r"holds other files \(letter.txt\)"):
        prepare(photos, tmp_path / "mine", log=quiet)
    assert (tmp_path / "mine" / "letter.txt").exists()


def test_a_source_that_changed_is_decoded_again(photos, tmp_path):
    source = shutil.copytree(photos, tmp_path / "source")
    prepare(source, tmp_path / "out", log=quiet)
    Image.new("RGB", (8, 8)).save(source / "train" / "a" / "0.png")
    prepare(source, tmp_path / "out", log=quiet)
    alike(load(source, log=quiet), load(tmp_path / "out", log=quiet))


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


def test_a_wrong_split_leaves_nothing_unfinished(photos, tmp_path):
    with pytest.raises(UserError, match="split=half: .* has the splits"):
        prepare(photos, tmp_path, split="half", log=quiet)
    assert {one.name for one in tmp_path.iterdir()} <= {".lock"}
    prepare(photos, tmp_path, image_size=8, log=quiet)
    assert (tmp_path / "shards.json").exists()


def test_captions_that_were_not_prepared(photos, tmp_path):
    out = prepare(photos, tmp_path / "out", log=quiet)
    with pytest.raises(UserError, match="has no captions; prepare the folder with"):
        load(out, captions=True, log=quiet)
    with pytest.raises(UserError, match="digits: fits into memory"):
        prepare("digits", tmp_path / "digits")


class Coloured(tfds.core.GeneratorBasedBuilder):
    """Pictures of noise with labels; some cannot be decoded at another size."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        features = {
            "image": tfds.features.Image(shape=(8, 8, 3)),
            "label": tfds.features.ClassLabel(names=["a", "b"]),
        }
        return tfds.core.DatasetInfo(
            builder=self, features=tfds.features.FeaturesDict(features)
        )

    def _split_generators(self, dl_manager):
        return {
            "train": self._generate_examples(25),
            "test": self._generate_examples(12),
        }

    def _generate_examples(self, count):
        rng = np.random.default_rng(count)
        for number in range(count):
            pixels = rng.integers(0, 255, (8, 8, 3), np.uint8)
            yield number, {"image": pixels, "label": number % 2}


@pytest.mark.parametrize("size", [0, 6])
def test_a_tfds_set_goes_on_in_the_middle(tmp_path, monkeypatch, size):
    Coloured(data_dir=str(tmp_path / "tfds")).download_and_prepare()
    monkeypatch.setattr(storage, "MOST_ROWS", 10)
    wanted = {"data_dir": tmp_path / "tfds", "image_size": size, "log": quiet}
    out = prepare("coloured", tmp_path / "out", **wanted)
    (out / "train" / "00001.array_record").unlink()
    prepare("coloured", out, **wanted)
    held, read = load("coloured", **wanted), load(out, log=quiet)
    alike(held, read)
    alike(
        *(
            load_held_out(a, b, data_dir=tmp_path / "tfds")
            for a, b in (("coloured", held), (out, read))
        )
    )
