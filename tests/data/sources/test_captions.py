"""Captions and attributes of folders: where they are found, and what is left out."""

import json

import numpy as np
import pytest
from PIL import Image

from kgan.data import Dataset, load, load_held_out
from kgan.data.attributes import Attribute, combination_names, combinations
from kgan.data.kinds import Label
from kgan.errors import UserError

LONG = " ".join(f"w{i}" for i in range(70))


def put(path, value=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (8, 8), value).save(path)


def folder(root, text, names=("a.png", "b.png", "c.png"), table="captions.csv"):
    for number, name in enumerate(names):
        put(root / name, 10 * number)
    (root / table).parent.mkdir(parents=True, exist_ok=True)
    (root / table).write_text(text, encoding="utf-8")
    return root


def read(root, **wanted) -> tuple[Dataset, list[str]]:
    lines = []
    return load(root, log=lines.append, **({"captions": True} | wanted)), lines


def texts(data):
    """value of a picture -> its captions."""
    kind = data.fields["caption"].kind
    each = data.alternatives.get("caption", data["caption"][:, None])
    values = data["real"][:, 0, 0, 0].tolist()
    return {
        value: [one for one in kind.decode(some) if one]
        for value, some in zip(values, each, strict=True)
    }


def test_a_csv_with_several_captions_and_odd_characters(tmp_path):
    root = folder(
        tmp_path,
        'file,caption\nb.png,"a woman’s hat, black & white"\na.png,größe 日本\n'
        "b.png,keycap #\nc.png,c\n",
    )
    data, lines = read(root)
    assert texts(data) == {
        0: ["größe 日本"],
        10: ["a woman’s hat black & white", "keycap #"],
        20: ["c"],
    }
    assert data["caption"].shape == (3, 6) and data.fields["caption"].shape == (6,)
    assert lines[0] == (
        "captions of captions.csv: 4 of 3 images, up to 6 of 11 words"
    ) and not any("left out" in line for line in lines)
    assert data.part(slice(1, 2)).alternatives["caption"].shape == (1, 2, 6)


def test_a_game_without_captions_takes_the_same_folder(tmp_path):
    root = folder(tmp_path, "nonsense that is no table")
    data, _ = read(root, captions=False)
    assert [*data.fields] == ["real"] and len(data) == 3


def test_what_is_odd_is_named_with_its_count(tmp_path):
    root = folder(
        tmp_path,
        f"file,caption\na.png,{LONG}\nb.png,b\nb.png,\nd.png,no picture\nd.png,2\n"
        "b.png,...\n",
    )
    data, lines = read(root)
    told = next(line for line in lines if line.startswith("rows of captions.csv"))
    assert "2 without a word (b.png (row 3), b.png (row 6))" in told
    assert "2 of a file that is not there (d.png (row 4), d.png (row 5))" in told
    assert "1 of more than 64 words, cut off (a.png (row 1))" in told
    assert "left out 1 of 3 files: 1 without a caption in captions.csv (c.png)" in lines
    assert data["caption"].shape == (2, 64) and texts(data)[10] == ["b"]


def test_captions_of_hugging_face_and_texts_next_to_the_pictures(tmp_path):
    rows = [{"file_name": "a.png", "text": "one", "kind": 3}, {"file_name": "b.png"}]
    rows[1] |= {"text": ["two", "zwei"], "kind": 4}
    rows.append({"file_name": "c.png", "caption": "three", "kind": 3})
    text = "\n".join(map(json.dumps, rows))
    data, _ = read(folder(tmp_path / "hf", text, table="metadata.jsonl"))
    known = {0: ["one"], 10: ["two", "zwei"], 20: ["three"]}
    assert texts(data) == known
    assert data.attributes["kind"].options == ("3", "4")
    root = folder(tmp_path / "txt", "one\n", table="a.txt")
    (root / "b.txt").write_text("two\n\nzwei\n")
    (root / "c.TXT").write_text("three")
    data, lines = read(root)
    assert texts(data) == known and not any("left out" in line for line in lines)
    (root / "d.txt").write_text("of no picture")
    _, lines = read(root)
    assert any("left out 1 of 4 files" in line and "d.txt" in line for line in lines)


def test_a_row_without_a_file_and_half_a_character(tmp_path):
    """A caption that was cut inside an emoji, and a row that names nothing."""
    rows = [{"file": "a.png", "text": "a cat \ud83d"}, {"file": "", "text": "lost"}]
    text = "\n".join(map(json.dumps, rows))
    data, lines = read(folder(tmp_path, text, ["a.png"], "metadata.jsonl"))
    assert texts(data) == {0: ["a cat \ufffd"]}
    assert any("1 without the name of a file" in line for line in lines)


@pytest.mark.parametrize(("strange", "left"), [(1, 19), (3, 20)])
def test_held_out_images_of_values_that_the_training_lacks(tmp_path, strange, left):
    names = [f"{split}/{n}.png" for split in ("train", "test") for n in range(20)]
    root = folder(tmp_path, "file,caption,hat\n", names, "captions.csv")
    rows = [
        f"{name},a hat,{'mauve' if name.startswith('test') and n < strange else n % 2}"
        for name, n in zip(names, [*range(20)] * 2, strict=True)
    ]
    (root / "captions.csv").write_text("\n".join(["file,caption,hat", *rows]))
    data, _ = read(root)
    lines = []
    held_out = load_held_out(root, data, log=lines.append)
    assert held_out is not None and len(held_out) == left
    assert ("hat" in held_out.attributes) == (strange == 1)
    assert any("mauve" in line for line in lines)


@pytest.mark.parametrize("asked", [{"condition": ("hat",)}, {"attributes": ("hat",)}])
def test_nothing_is_held_out_where_the_training_needs_what_differs(tmp_path, asked):
    names = [f"{split}/{n}.png" for split in ("train", "test") for n in range(20)]
    root = folder(tmp_path, "file,caption,hat\n", names, "captions.csv")
    rows = [f"{name},a hat,{name[:2]}{n % 2}" for n, name in enumerate(names)]
    (root / "captions.csv").write_text("\n".join(["file,caption,hat", *rows]))
    data = load(root, **asked, log=lambda line: None)
    lines = []
    condition = asked.get("condition", ())
    assert load_held_out(root, data, condition=condition, log=lines.append) is None
    told = "nothing is held out: in test, hat has other options than the training"
    assert any(told in line for line in lines)


@pytest.mark.parametrize("at", ["train.csv", "captions.csv", "train/captions.csv"])
def test_splits_with_tables(tmp_path, at):
    names = [f"{split}/{n}.png" for split in ("train", "test") for n in range(3)]
    inside = at.startswith("train/")
    text = "file,caption,hat\n" + "".join(
        f"{name.removeprefix('train/') if inside else name},{name[:-4]} x{i},{i % 2}\n"
        for i, name in enumerate(names)
        if not inside or name.startswith("train")
    )
    root = folder(tmp_path, text, names, at)
    data, lines = read(root)
    assert texts(data) == {10 * i: [f"train/{i} x{i}"] for i in range(3)}
    assert data.attributes["hat"].values.tolist() == [0, 1, 0]
    assert not any("rows of" in line for line in lines), "other splits are no mistakes"
    (root / "test.csv").write_text(
        "file,caption,hat\n0.png,train/1 new,1\n1.png,a,1\n2.png,a,0\n"
    )
    if at == "captions.csv":
        (root / "captions.csv").unlink()
    held_out = load_held_out(root, data, log=print)
    assert held_out is not None and held_out.fields == data.fields
    assert held_out["caption"][0].tolist() == [data["caption"][1][0], 1]
    assert held_out.attributes["hat"].values.tolist() == [1, 1, 0]


@pytest.mark.parametrize(
    ("text", "table", "words"),
    [
        ("", "captions.csv", "has no column file; there are none"),
        ("picture,words\n", "captions.csv", "no column file; there are picture, words"),
        ("file,caption\n", "captions.csv", "has no row"),
        ("file,caption\na.png,red, on blue\n", "captions.csv", "line 2 has another"),
        ("file,caption\na.png\n", "captions.csv", "line 2 has another number"),
        ('file,caption\na.png,"open\n', "captions.csv", "cannot be read"),
        ("file,caption,caption\na.png,a,b\n", "captions.csv", "columns called caption"),
        ("[1]\n", "metadata.jsonl", "line 1 is no JSON object"),
        (
            '{"file": "a.png", "text": {"en": "a"}}\n',
            "metadata.jsonl",
            "that is no text",
        ),
        ('{"file": "a.png", "text": ["a", null]}\n', "metadata.jsonl", "is no text"),
        ('{"text": "a"}\n', "metadata.jsonl", "line 1 names no file"),
        (
            "file,caption\nx.png,a\n",
            "captions.csv",
            r"none is a caption of a picture: 1 of a file that is not there .x.png",
        ),
        ("file,hat\na.png,1\n", "captions.csv", "without a caption in captions.csv"),
        (
            "file,caption\na.png,!\nb.png, \n",
            "captions.csv",
            r"none is a caption of a picture: 2 without a word .*a word or more",
        ),
        ("file,caption\na.png,a\n", "captions.csv", "more than half: 2 without a capt"),
        ("x", "x.csv", "has no captions; put one of captions.csv, metadata.csv"),
    ],
)
def test_tables_that_cannot_be_used(tmp_path, text, table, words):
    root = folder(tmp_path, text, table=table)
    with pytest.raises(UserError, match=words) as caught:
        read(root)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text(tmp_path):
    root = folder(tmp_path, "")
    (root / "captions.csv").write_bytes(b"file,caption\na.png,\xff\xfe\n")
    with pytest.raises(UserError, match=r"captions.csv: cannot be read .*decode"):
        read(root)


def test_two_tables_are_not_chosen_from(tmp_path):
    root = folder(tmp_path, "file,caption\na.png,a\n")
    (root / "metadata.csv").write_text("file,caption\na.png,b\n")
    with pytest.raises(UserError, match=r"holds captions.csv and metadata.csv; keep"):
        read(root)


def test_bare_names_of_several_files(tmp_path):
    names = ["x/a.png", "y/a.png", "y/b.png"]
    root = folder(
        tmp_path, "file,caption\na.png,a\nx/a.png,x\ny/a.png,y\nb.png,b\n", names
    )
    data, lines = read(root)
    assert texts(data) == {0: ["x"], 10: ["y"], 20: ["b"]}
    assert data["label"].tolist() == [0, 1, 1]
    told = "rows of captions.csv: 1 of a name that several files have (a.png (row 1))"
    assert told in lines


def test_columns_that_are_no_attributes_are_named(tmp_path):
    names = [f"{i}.png" for i in range(70)]
    rows = "".join(f"{name},c,{i},same,{i % 11},\n" for i, name in enumerate(names))
    root = folder(
        tmp_path, "file;caption;id;one;ten;none\n" + rows.replace(",", ";"), names
    )
    data, lines = read(root)
    assert [*data.attributes] == ["ten"]
    assert data.attributes["ten"].options == tuple(map(str, range(11)))
    told = next(line for line in lines if "that are not used" in line)
    assert "with more than 64 values (id)" in told
    assert "with a single value (none, one)" in told


def test_combinations_are_classes_and_those_without_an_example_are_named(tmp_path):
    names = [f"{kind}/{i}.png" for kind in ("boot", "shirt") for i in range(2)]
    text = "file,colour\nboot/0.png,red\nboot/1.png,blue\nshirt/0.png,red\nshirt/1.png,red\n"
    root = folder(tmp_path, text, names)
    data, lines = read(root, captions=False, condition=("class", "colour"))
    assert data.classes == ("boot/blue", "boot/red", "shirt/blue", "shirt/red")
    assert data["label"].tolist() == [1, 0, 3, 3]
    assert data.fields["label"].kind == Label((2, 2)) != Label()
    assert (
        "condition: 4 combinations of class, colour; 1 without an example: shirt/blue"
    ) in lines
    with pytest.raises(UserError, match="condition=color: .* did you mean 'colour'"):
        read(root, captions=False, condition=("color",))
    with pytest.raises(UserError, match="names an attribute twice"):
        read(root, captions=False, condition=("class", "class"))
    with pytest.raises(UserError, match="condition=hat: .* there are class"):
        load("digits", condition=("hat",), log=print)


def test_held_out_images_are_numbered_like_those_of_the_training():
    wanted = {"condition": ("ink", "digit")}
    data = load("coloured_digits", log=lambda line: None, **wanted)
    held_out = load_held_out("coloured_digits", data, **wanted, log=lambda line: None)
    assert held_out is not None and held_out.classes == data.classes
    assert data.classes[:2] == ("red/zero", "red/one")
    wanted = 10 * data.attributes["ink"].values + data.attributes["digit"].values
    np.testing.assert_array_equal(data["label"], wanted)


def test_numbers_of_combinations():
    two = {"a": Attribute.of("xyx"), "b": Attribute.of(["1", "2", "3"])}
    assert combinations(two).tolist() == [0, 4, 2]
    assert combination_names(two) == ("x/1", "x/2", "x/3", "y/1", "y/2", "y/3")
