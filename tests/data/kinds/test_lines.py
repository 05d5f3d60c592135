"""Lines of text: to a network and back, as texts, in a file, and from a file."""

import numpy as np
import pytest
import tensorflow as tf

from kgan.data import Field, batches, load, load_held_out
from kgan.data.kinds import Lines
from kgan.errors import UserError

NAMES = ["anna", "bo", "ab"]


@pytest.mark.parametrize("jit", [False, True], ids=["eager", "XLA"])
def test_there_and_back(jit):
    kind = Lines.fitted(NAMES, characters=True)
    assert kind.symbols == ("", "a", "b", "n", "o")
    ids = kind.encode(NAMES, 4)
    assert ids.tolist() == [[1, 3, 3, 1], [2, 4, 0, 0], [1, 2, 0, 0]]

    def both(values):
        x = kind.to_network(values)
        return x, kind.from_network(x)

    x, back = (tf.function(both, jit_compile=True) if jit else both)(ids)
    assert x.shape == (3, 4, 5) and x.dtype == "float32"
    np.testing.assert_array_equal(back, ids)
    assert np.asarray(back).dtype == np.int32
    assert kind.decode(back) == NAMES


def test_what_stands_after_an_end_is_no_part_of_a_line():
    kind = Lines(("", "a", "b"))
    odd = np.int32([[1, 0, 2], [0, 1, 1], [1, 1, 2]])
    assert kind.decode(odd) == ["a", "", "aab"]
    back = kind.from_network(kind.to_network(odd))
    assert np.asarray(back).tolist() == [[1, 0, 0], [0, 0, 0], [1, 1, 2]]
    made = kind.exported(tf.constant(back))
    assert made["text"].numpy().tolist() == [b"a", b"", b"aab"]


def test_lines_of_one_length_have_no_end():
    kind = Lines.fitted(["ab", "ba"], characters=True)
    assert kind.symbols == ("a", "b") and not kind.ends
    ids = np.int32([[0, 1], [0, 0]])
    assert kind.decode(ids) == ["ab", "aa"]
    assert np.asarray(kind.from_network(kind.to_network(ids))).tolist() == ids.tolist()
    assert kind.describe((2,)) == "lines of 2 characters out of 2"


def test_words():
    kind = Lines.fitted(["The cat.", "the dog runs"], characters=False)
    ids = kind.encode(["the cat"], 3)
    assert kind.decode(ids) == ["the cat"] and kind.knows("A dog") is False
    text = kind.exported(tf.constant(ids))["text"].numpy()
    assert text.tolist() == [b"the cat"]
    assert kind.describe((3,)) == "lines of up to 3 words out of 4"


def test_a_record_brings_it_back(tmp_path):
    field = Field((4,), "int32", Lines.fitted(NAMES, characters=True))
    again = Field.from_plain(field.plain())
    assert again == field and again.kind.symbols == field.kind.symbols
    field.kind.write(tmp_path / "line.txt", field.kind.encode(["bo"], 4)[0])
    assert (tmp_path / "line.txt").read_text() == "bo\n"
    with pytest.raises(
        UserError, match="real: symbols are numbered from 0 to 4; got 5"
    ):
        field.kind.check("real", np.full((1, 4), 5, np.int32))


@pytest.fixture
def path(tmp_path):
    """A file of 30 lines of up to 3 letters, one that is too long, and an empty one."""
    lines = ["abc"[: 1 + i % 3] for i in range(30)]
    file = tmp_path / "mine.txt"
    file.write_text(
        "\n".join([*lines[:10], "", "x" * 40, *lines[10:]]), encoding="utf-8"
    )
    return str(file)


def test_a_file(path):
    said = []
    data = load(path, log=said.append)
    assert said == [
        f"{path}: 1 of 31 lines are left out, longer than 32 characters",
        "mine: 27 lines of up to 3 characters out of 3, 324 bytes in memory",
    ]
    assert len(data.held_out) == 3 and data.fields["real"].kind.symbols[0] == ""
    first = next(iter(batches(data, 4, seed=0)))["real"]
    assert first.shape == (4, 3) and first.dtype == tf.int32
    test = load(path, split="test", log=said.append)
    np.testing.assert_array_equal(test["real"], data.held_out["real"])
    other = load_held_out(path, test, split="test", log=said.append)
    np.testing.assert_array_equal(other["real"], data["real"])


def test_held_out_lines_with_other_letters_are_left_out(tmp_path):
    lines = ["ab"] * 29 + ["zz"]  # the last one is held out
    (tmp_path / "odd.txt").write_text("\n".join(lines), encoding="utf-8")
    said = []
    data = load(tmp_path / "odd.txt", log=said.append)
    assert said[0].endswith(
        "1 of 30 lines are left out, with characters that are too rare"
    )
    assert data.fields["real"].kind.symbols == ("a", "b")


@pytest.mark.parametrize(
    ("content", "settings", "told"),
    [
        (b"a\nb\n", {}, "has 2 lines of 1 to 32 characters; 20 are the least"),
        (b"\xff\xfe\x00a" * 30, {}, "is no text in UTF-8"),
        (b"ab\n" * 30, {"split": "valid"}, "split=valid: .* train and test"),
        (b"ab\n" * 30, {"channels": 1}, "channels=1: .* holds lines, no images"),
        (None, {}, "is no file that is there"),
    ],
)
def test_files_that_cannot_be_used(tmp_path, content, settings, told):
    file = tmp_path / "bad.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UserError, match=told):
        load(file, log=lambda line: None, **settings)


def test_a_longer_line_that_is_held_out_makes_an_end(tmp_path):
    """Else shorter ones would be filled with their commonest letter."""
    words = ["apple", "lemon", "grape", "melon", "peach"] * 4
    words[9] = "banana"
    (tmp_path / "x.txt").write_text("\n".join(words))
    data = load(tmp_path / "x.txt", log=lambda line: None)
    kind = data.fields["real"].kind
    assert kind.ends and kind.decode(np.asarray(data["real"]))[:2] == ["apple", "lemon"]
