"""Preparing shards goes on where it ended, mends them, and says what it cannot do."""

import shutil

import numpy as np
import pytest
import tensorflow_datasets as tfds
from PIL import Image

from kgan.data import load, load_held_out, prepare
from kgan.data.shards import storage
from kgan.errors import UserError
from tests.data.shards.comparing import alike, quiet


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


@pytest.mark.parametrize("split", ["val", "Train"])
def test_a_split_is_read_by_any_spelling(photos, tmp_path, split):
    source = shutil.copytree(photos, tmp_path / "source")
    (source / "test").rename(source / "val")
    out = prepare(source, tmp_path / "out", split=split, log=quiet)
    alike(load(source, split=split, log=quiet), load(out, split=split, log=quiet))


def test_lines_of_text_are_refused_before_anything_is_written(tmp_path):
    (tmp_path / "notes.txt").write_text("one\ntwo\n" * 20)
    with pytest.raises(UserError, match="notes.txt: holds lines of text, no pictures"):
        prepare(tmp_path / "notes.txt", tmp_path / "out", log=quiet)
    assert not (tmp_path / "out").exists()


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
