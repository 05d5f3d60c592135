"""Every file of a folder: its place in the order, or the reason why it has none."""

import pytest

from kgan.data.sources.listing import Listing, grouped, natural
from kgan.data.sources.splits import read_split, split_names
from kgan.errors import UserError


def fill(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return root


def paths(listing):
    return ["/".join(parts) for parts in listing.files]


def test_folders_are_in_natural_order_and_files_in_that_of_their_names(tmp_path):
    fill(tmp_path, "10/a.png", "2/b.png", "2/a10.png", "2/a9.png", "b/x.png", "B/x.png")
    assert paths(Listing.of(tmp_path)) == [
        *("2/a10.png", "2/a9.png", "2/b.png", "10/a.png", "B/x.png", "b/x.png"),
    ]


def test_natural_order():
    names = ["a10", "a9b2", "a9b10", "٣", "10", "02", "2", "", "a", "²"]
    assert sorted(names, key=natural) == [
        *("", "02", "2", "٣", "10", "a", "a9b2", "a9b10", "a10", "²"),
    ]


def test_files_of_systems_are_no_part_of_a_listing(tmp_path):
    fill(
        tmp_path, "a.png", ".a.png", "._a.png", "Thumbs.db", "Desktop.ini", ".git/b.png"
    )
    fill(tmp_path, "__MACOSX/._a.png", "@eaDir/a.png/thumb.jpg", "__MACOSX/c.png")
    listing = Listing.of(tmp_path)
    assert paths(listing) == ["a.png"] and len(listing) == 1 and not listing.told()


def test_all_that_is_no_picture_is_named_with_its_count(tmp_path):
    fill(
        tmp_path, "a.png", "b.CSV", "c.csv", "d", "e/f.txt", "g.HEIC", "h.Tif", "i.JFIF"
    )
    listing = Listing.of(tmp_path)
    assert paths(listing) == ["a.png", "h.Tif", "i.JFIF"] or "g.HEIC" in paths(listing)
    assert {"b.CSV: of suffix .csv", "c.csv: of suffix .csv", "d: without a suffix"} < {
        *listing.lines()
    }
    (line,) = listing.told()
    assert line.startswith(
        f"left out {len(listing.others)} of 8 files: 2 of suffix .csv"
    )
    assert "1 of suffix .txt (e/f.txt)" in line


def test_more_reasons_than_a_line_holds_are_counted():
    reasons = {(f"{n}.{n % 8}",): f"of suffix .{n % 8}" for n in range(20)}
    told = grouped(reasons)
    assert told.startswith("3 of suffix .0 (0.0, 16.0, 8.0), 3 of suffix .1")
    assert told.endswith(", 6 for other reasons")


def test_a_class_may_be_a_link_to_another_class_of_its_split(tmp_path):
    """Whichever of them the file system lists first."""
    mine = fill(tmp_path / "mine", "train/cat/1.png", "train/dog/2.png")
    (mine / "train" / "ant").symlink_to(mine / "train" / "cat")
    (mine / "train" / "dog" / "up").symlink_to(mine / "train")
    found = paths(Listing.of(mine))
    assert found == ["train/ant/1.png", "train/cat/1.png", "train/dog/2.png"]


def test_links_between_classes_do_not_multiply(tmp_path):
    """Of n folders with links to all others, each way round would be walked."""
    mine = fill(tmp_path / "mine", *(f"{n}/deep/x.png" for n in range(7)))
    for one in range(7):
        for other in range(7):
            if one != other:
                (mine / str(one) / "deep" / f"to{other}").symlink_to(mine / str(other))
    assert len(paths(Listing.of(mine))) <= 7 * 7 * 7


def test_links_back_have_an_end_and_two_links_to_one_folder_are_two(tmp_path):
    fill(tmp_path / "elsewhere", "1.png", "deep/2.png")
    mine = fill(tmp_path / "mine", "own/3.png")
    for link, target in (
        ("cat", "elsewhere"),
        ("dog", "elsewhere"),
        ("own/up", "mine"),
    ):
        (mine / link).symlink_to(tmp_path / target)
    (mine / "self.png").symlink_to(mine / "self.png")
    (tmp_path / "elsewhere" / "deep" / "round").symlink_to(tmp_path / "elsewhere")
    listing = Listing.of(mine)
    assert paths(listing) == [
        *(
            "self.png",
            "cat/1.png",
            "cat/deep/2.png",
            "dog/1.png",
            "dog/deep/2.png",
            "own/3.png",
        ),
    ]
    assert "own/up: a link to a folder that is listed already" in listing.lines()


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        (["a.png"], ("train",)),
        (["ape/a.png", "bee/a.png"], ("train",)),
        (["train/a.png", "plane/a.png"], ("train",)),
        (["train/a.png", "docs/a.txt"], ("train",)),
        (["train/a.png", "test/a.png"], ("test", "train")),
        (["Train/a.png", "Valid/a.png"], ("train", "validation")),
        (
            ["train/x/a.png", "val/x/a.png", "test/x/a.png"],
            ("test", "train", "validation"),
        ),
        (["train/a.png", "val/a.png", "more/a.png"], ("more", "train", "validation")),
        (["data/train/a.png", "data/test/a.png"], ("test", "train")),
    ],
)
def test_which_folders_are_splits(tmp_path, names, splits):
    assert tuple(sorted(split_names(fill(tmp_path, *names)))) == splits


def test_a_split_and_what_is_not_part_of_it(tmp_path):
    fill(tmp_path, "train/ape/1.png", "train/bee/1.png", "train/notes.txt")
    fill(tmp_path, "val/ape/1.png", "edits/1.png", "edits/2.txt", "3.png", "list.csv")
    listing = read_split(tmp_path)
    assert paths(listing) == ["train/ape/1.png", "train/bee/1.png"]
    assert listing.lines() == (
        "3.png: outside of the splits",
        "list.csv: of suffix .csv",
        "train/notes.txt: of suffix .txt",
    )
    assert listing.elsewhere == {"val": 1, "edits": 2}
    assert any(
        "not part of it: edits (2 files), val" in line for line in listing.told()
    )
    for spelling in ("val", "valid", "validation"):
        assert paths(read_split(tmp_path, spelling)) == ["val/ape/1.png"]
    assert paths(read_split(tmp_path, "edits")) == ["edits/1.png"]
    with pytest.raises(
        UserError, match="split=test: .* has the splits edits and train"
    ):
        read_split(tmp_path, "test")


def test_a_folder_in_a_folder_of_its_name(tmp_path):
    """As unpacking an archive leaves it."""
    fill(tmp_path, "pets/cat/1.png", "pets/dog/1.png", "readme.txt")
    listing = read_split(tmp_path)
    assert [listing.below(file) for file in listing.files] == [
        ("cat", "1.png"),
        ("dog", "1.png"),
    ]
    assert any("the folder pets is read" in line for line in listing.told())
    assert listing.lines() == ("readme.txt: of suffix .txt",)


def test_splits_inside_of_classes_are_refused(tmp_path):
    fill(tmp_path, "ape/train/1.png", "ape/test/1.png", "bee/train/1.png")
    with pytest.raises(UserError, match=r"splits inside of its classes .ape/t.*above"):
        read_split(tmp_path)


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz", "x.png", "x"])
def test_a_file_is_no_folder(tmp_path, name):
    fill(tmp_path, name)
    words = "an archive; unpack" if "." in name and name != "x.png" else "a file; give"
    with pytest.raises(UserError, match=f"{name}: is {words}"):
        Listing.of(tmp_path / name)


def test_a_folder_is_one_whatever_its_name(tmp_path):
    assert paths(Listing.of(fill(tmp_path / "x.zip", "a.png"))) == ["a.png"]
