"""Decoded images that are kept: read again while nothing has changed, else made anew."""

import errno
import json
import os
import shutil

import numpy as np
import pytest
from PIL import Image

from kgan.data import load
from kgan.data.decoding import cached, picture, room, threads
from kgan.data.decoding.opening import PassingReason, UnusablePicture


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The folder of what is kept."""
    monkeypatch.setenv("KGAN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(cached, "LEAST_FILES", 3)
    monkeypatch.setattr(cached, "AT_REST", 0.0)
    return tmp_path / "cache" / "pixels"


@pytest.fixture
def folder(tmp_path):
    """Deep images in two classes, an animation, and files that cannot be used."""
    for number in range(12):
        path = tmp_path / "mine" / "ab"[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((8, 8), 100 * number, np.uint16)).save(path)
    frames = [Image.new("L", (9, 8), value) for value in (0, 200)]
    frames[0].save(path.with_name("x.gif"), save_all=True, append_images=frames[1:])
    path.with_name("y.png").write_bytes(path.read_bytes()[:-30])
    path.with_name("z.png").touch()
    return tmp_path / "mine"


def loaded(folder, **options):
    said = []
    return load(folder, log=said.append, **options), said


def no_decoding(monkeypatch):
    def refuse(*arguments):
        raise AssertionError(f"decodes {arguments}")

    for name in ("read_headers", "read_spans", "read_pictures"):
        monkeypatch.setattr(threads, name, refuse)


def test_the_second_start_decodes_nothing_and_is_the_same(kept, folder, monkeypatch):
    first, said = loaded(folder)
    assert f"are kept in {kept} for the next start" in "".join(said)
    no_decoding(monkeypatch)
    second, again = loaded(folder)
    np.testing.assert_array_equal(second["real"], first["real"])
    np.testing.assert_array_equal(second["label"], first["label"])
    assert second.left_out == first.left_out and len(first.left_out) == 2
    assert second.levels == first.levels == {"real": (0, 1100)}
    assert again == [line for line in said if "kept in" not in line]


def test_mapped_pixels_are_filled_as_well(kept, folder, monkeypatch, tmp_path):
    first, _ = loaded(folder)
    no_decoding(monkeypatch)
    second, _ = loaded(folder, memory_limit=1, cache_dir=tmp_path / "mapped")
    assert isinstance(second["real"], np.memmap)
    np.testing.assert_array_equal(second["real"], first["real"])


@pytest.mark.parametrize("change", ["content", "name", "other", "gone"])
def test_other_files_are_decoded(kept, folder, change):
    first, _ = loaded(folder)
    one = folder / "a" / "2.png"
    before = one.stat()
    if change == "content":  # of the same length, and with its old time of change
        one.write_bytes((folder / "a" / "4.png").read_bytes())
        os.utime(one, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert one.stat().st_size == before.st_size
    elif change == "name":
        one.rename(one.with_name("0a.png"))
    elif change == "other":
        Image.new("L", (8, 8), 7).save(folder / "b" / "0.png")
    else:
        one.unlink()
    second, said = loaded(folder)
    assert "kept in" in "".join(said)
    assert not np.array_equal(second["real"], first["real"])


def test_of_other_times_the_contents_decide(kept, folder, monkeypatch, tmp_path):
    """As of a folder that was copied, moved or touched."""
    first, _ = loaded(folder)
    no_decoding(monkeypatch)
    for file in folder.rglob("*.png"):
        os.utime(file)
    np.testing.assert_array_equal(loaded(folder)[0]["real"], first["real"])
    shutil.copytree(folder, tmp_path / "copy" / "mine")
    again, _ = loaded(tmp_path / "copy" / "mine")
    np.testing.assert_array_equal(again["real"], first["real"])
    # From now on their times are known, and nothing is read to the end.
    cached._contents.cache_clear()
    monkeypatch.setattr(cached, "_content", None)
    for one in (folder, tmp_path / "copy" / "mine"):
        np.testing.assert_array_equal(loaded(one)[0]["real"], first["real"])


def test_two_folders_with_equal_names_and_sizes_are_kept_both(
    kept, folder, monkeypatch, tmp_path
):
    other = tmp_path / "other" / "mine"
    shutil.copytree(folder, other)
    shutil.copy(other / "a" / "4.png", other / "a" / "2.png")
    sets = [loaded(one)[0]["real"] for one in (folder, other)]
    assert not np.array_equal(*sets)
    no_decoding(monkeypatch)
    for one, pixels in zip((folder, other), sets, strict=True):
        np.testing.assert_array_equal(loaded(one)[0]["real"], pixels)


def test_what_is_written_while_it_is_decoded_is_not_kept(kept, folder, monkeypatch):
    read = threads.read_pictures

    def written(*arguments):
        found = read(*arguments)
        (folder / "a" / "2.png").write_bytes((folder / "a" / "4.png").read_bytes())
        return found

    monkeypatch.setattr(threads, "read_pictures", written)
    assert "kept in" not in "".join(loaded(folder)[1])
    assert not list(kept.glob("*/pixels"))


@pytest.mark.parametrize(
    "wanted", [{"image_size": 4}, {"channels": 1}, {"levels": (0, 9)}]
)
def test_what_is_asked_for_in_another_way_is_decoded(kept, folder, wanted):
    loaded(folder)
    data, said = loaded(folder, **wanted)
    assert "kept in" in "".join(said)
    np.testing.assert_array_equal(data["real"], loaded(folder, **wanted)[0]["real"])


def cut(file):
    file.write_bytes(file.read_bytes()[:-1])


def turn(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def lie(file):
    about = json.loads(file.read_text())
    file.write_text(json.dumps(about | {"value": "[]"}))


@pytest.mark.parametrize(
    ("name", "damage"),
    [("pixels", cut), ("pixels", turn), ("about.json", cut), ("about.json", lie)],
)
def test_what_is_damaged_is_made_anew_and_told(kept, folder, name, damage):
    first, _ = loaded(folder)
    (entry,) = [one.parent for one in kept.glob("*/pixels")]
    damage(entry / name)
    second, said = loaded(folder)
    np.testing.assert_array_equal(second["real"], first["real"])
    assert any(f"{entry}: damaged (" in line and "made anew" in line for line in said)
    assert not any("damaged" in line for line in loaded(folder)[1])


def test_what_was_not_used_for_longest_goes(kept, folder, monkeypatch):
    sizes = (4, 6, 8)
    for size in sizes[:2]:
        loaded(folder, image_size=size)
    entries = {one.stat().st_size: one.parent for one in kept.glob("*/pixels")}
    for number, size in enumerate((6, 4)):  # the one of 6 pixels was used before
        os.utime(entries[39 * size**2], (number, number))
    everything = sum(file.stat().st_size for file in kept.rglob("*.*"))
    monkeypatch.setattr(room, "MOST_BYTES", everything + 39 * 8**2 + 1000)
    loaded(folder, image_size=8)
    left = {one.stat().st_size for one in kept.glob("*/pixels")}
    assert left == {39 * 4**2, 39 * 8**2}


def test_what_is_not_ours_stays(kept, folder, monkeypatch):
    """The user may have told a folder that holds other things."""
    mine = kept / "mine" / "holiday.png"
    mine.parent.mkdir(parents=True)
    mine.touch()
    (kept / "README").touch()
    monkeypatch.setattr(room, "MOST_BYTES", 1 << 20)
    _, said = loaded(folder)
    monkeypatch.setattr(room, "MOST_BYTES", 0)
    room.tidy(kept)
    assert mine.exists() and (kept / "README").exists()
    assert not [*kept.glob("*/pixels")]
    assert not any("are not kept" in line for line in said)


def failing(name, path):
    """`picture.NAME`, which a disk that does not answer keeps from reading `path`."""
    real = getattr(picture, name)

    def sometimes(source, *options):
        if str(source) == str(path):
            reason = PassingReason("damaged: Input/output error")
            raise UnusablePicture(reason)
        return real(source, *options)

    return sometimes


def test_a_read_error_that_may_pass_is_not_kept(kept, folder, monkeypatch):
    with monkeypatch.context() as patch:
        broken = [OSError(errno.EIO, "Input/output error")]

        def sometimes(*given, **options):
            if broken:
                raise broken.pop()
            return opened(*given, **options)

        opened = Image.open
        patch.setattr(Image, "open", sometimes)
        first, _ = loaded(folder)
    second, _ = loaded(folder)
    assert len(second) == len(first) + 1


def test_nor_is_the_range_of_pictures_that_could_not_be_read(kept, folder, monkeypatch):
    with monkeypatch.context() as patch:
        brightest = folder / "b" / "11.png"
        patch.setattr(picture, "read_span", failing("read_span", brightest))
        first, _ = loaded(folder)
    second, _ = loaded(folder)
    assert (first.levels, second.levels) == ({"real": (0, 1000)}, {"real": (0, 1100)})


def test_what_is_kept_by_another_user_is_read(kept, folder, monkeypatch):
    first, _ = loaded(folder)

    def refused(path, *given):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "utime", refused)
    second, said = loaded(folder)
    np.testing.assert_array_equal(second["real"], first["real"])
    assert not any("damaged (" in line for line in said if str(kept) in line)


def test_few_files_and_new_ones_are_not_kept(kept, folder, monkeypatch):
    monkeypatch.setattr(cached, "AT_REST", 1000.0)
    loaded(folder)
    monkeypatch.setattr(cached, "AT_REST", 0.0)
    monkeypatch.setattr(cached, "LEAST_FILES", 100)
    loaded(folder)
    monkeypatch.setattr(cached, "LEAST_FILES", 0)
    monkeypatch.setenv("KGAN_CACHE_DIR", "off")
    loaded(folder)
    assert not kept.exists()


def test_a_cache_that_cannot_be_written_is_told_and_harms_nothing(kept, folder):
    kept.parent.mkdir()
    kept.write_text("a file")
    data, said = loaded(folder)
    assert len(data) == 13
    assert any("are not kept for the next start (" in line for line in said)
