"""A file or folder is the old one or the new one, whatever happens in between."""

import os
import stat

import pytest

from kgan.files import replacing, replacing_folder, write_text


def test_replacing_a_file(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with replacing(path) as temporary:
        assert temporary.suffix == ".txt", "Pillow and NumPy go by the suffix"
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(KeyboardInterrupt), replacing(path) as temporary:
        temporary.write_text("half of the n")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_failure_leaves_the_old_folder_and_nothing_else(tmp_path):
    path = tmp_path / "pictures"
    with replacing_folder(path) as temporary:
        (temporary / "1").write_text("old")
    with pytest.raises(ValueError), replacing_folder(path) as temporary:
        (temporary / "2").write_text("new")
        raise ValueError
    assert [p.name for p in path.iterdir()] == ["1"]
    assert os.listdir(tmp_path) == ["pictures"]


def test_a_new_folder_takes_the_place_of_the_old_one(tmp_path):
    path = tmp_path / "pictures"
    for name in ("1", "2"):
        with replacing_folder(path) as temporary:
            (temporary / name).write_text("")
    assert [p.name for p in path.iterdir()] == ["2"]
    assert os.listdir(tmp_path) == ["pictures"]


def test_permissions_are_those_of_any_other_file(tmp_path):
    (tmp_path / "plain").write_text("")
    (tmp_path / "plain_folder").mkdir()
    write_text(tmp_path / "ours", "")
    with replacing_folder(tmp_path / "our_folder"):
        pass

    def mode(name):
        return stat.S_IMODE((tmp_path / name).stat().st_mode)

    assert mode("ours") == mode("plain")
    assert mode("our_folder") == mode("plain_folder")
