"""A file or folder is the old one or the new one, whatever happens in between."""

import os
import stat

import pytest
import tensorflow as tf

from kgan import files
from kgan.errors import UserError
from kgan.files import cut, replacing, replacing_folder, sweep, write_text, writing


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


@pytest.mark.parametrize("mask", [0o027, 0o077, 0o002])
def test_the_umask_of_the_process_counts_and_is_never_changed(
    tmp_path, monkeypatch, mask
):
    """Another thread would make files that anybody can write to."""
    umask = os.umask
    before = umask(mask)
    try:
        monkeypatch.setattr(os, "umask", lambda mask: pytest.fail("umask was called"))
        write_text(tmp_path / "a.txt", "text")
        with replacing_folder(tmp_path / "b") as folder:
            (folder / "c").write_text("")
    finally:
        umask(before)
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("a.txt", "b")]
    assert modes == [0o666 & ~mask, 0o777 & ~mask]


def test_a_path_is_no_name_that_exists(tmp_path, monkeypatch):
    names = iter(["a", "a", "b"])
    monkeypatch.setattr(files.secrets, "token_hex", lambda size: next(names))
    with replacing(tmp_path / "1") as first, replacing(tmp_path / "2") as second:
        assert first != second


def test_what_the_disk_refuses_is_one_line(tmp_path):
    with (
        pytest.raises(UserError, match="here: cannot be written .No space.*harmed"),
        writing("here"),
    ):
        raise OSError(28, "No space left on device")
    told = (
        "{{node x}} /a/file.v2; File too large\n\tFailed to flush 3 [Op:WriteSummary]"
    )
    with (
        pytest.raises(UserError, match="here: cannot be written .File too large.;"),
        writing("here"),
    ):
        raise tf.errors.OutOfRangeError(None, None, told)
    with pytest.raises(UserError, match="b: cannot be written .No such file"):
        write_text(tmp_path / "a" / "b", "text")


def killed(path):
    """A writer that was killed in the middle: the end of `replacing` never comes."""
    writer = (replacing_folder if not path.suffix else replacing)(path)
    temporary = writer.__enter__()
    (temporary / "half" if temporary.is_dir() else temporary).write_text("half")
    dead = temporary.with_name(temporary.name.replace(str(os.getpid()), "999999999"))
    temporary.rename(dead)
    return writer, dead


def test_sweeping_removes_what_dead_processes_left(tmp_path):
    (tmp_path / "in").mkdir()
    left = [killed(tmp_path / "in" / "a.txt"), killed(tmp_path / "b")]
    mine = tmp_path / f".kgan-{os.getppid()}-c"  # of a process that lives
    mine.write_text("")
    (tmp_path / ".other").write_text("")
    sweep(tmp_path)
    assert not any(dead.exists() for _, dead in left)
    assert sorted(os.listdir(tmp_path)) == sorted([mine.name, ".other", "in"])


def test_sweeping_brings_a_replaced_folder_back(tmp_path):
    """Killed between the two renames: the new folder is not there yet."""
    old = tmp_path / ".generator.kgan-old"
    old.mkdir()
    sweep(tmp_path)
    assert os.listdir(tmp_path) == ["generator"]
    old.mkdir()  # and killed after them
    sweep(tmp_path)
    assert os.listdir(tmp_path) == ["generator"]


def test_cutting(tmp_path):
    path = tmp_path / "a"
    path.write_text("12345")
    assert cut(path, 5) == 0 and path.read_text() == "12345"
    assert cut(path, 3) == 0 and path.read_text() == "123"
    assert cut(path, 7) == 4 and path.read_text() == "123"
    assert cut(path, 0) == 0 and not path.exists()
    assert cut(path, 0) == 0 and cut(path, 2) == 2
