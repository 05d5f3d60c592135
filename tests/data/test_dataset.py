"""Data sets: their fields in JSON, parts, a few rows, digests and descriptions."""

import json

import numpy as np
import pytest

from kgan.data import Dataset, Field, Generated, Spec, arrays, evenly
from kgan.data.kinds import KINDS, Image, Label, Points, Tokens
from kgan.errors import UserError


def numbered(count=10, seed=None):
    """Pictures that are their own number, with labels; `seed` shuffles the labels."""
    numbers = np.arange(count)
    pixels = np.zeros((count, 2, 2, 1), np.uint8) + numbers[:, None, None, None]
    if seed is not None:
        np.random.default_rng(seed).shuffle(numbers)
    names = tuple(map(str, numbers))
    return arrays.images(pixels.astype(np.uint8), numbers, name="n", classes=names)


def endless(text="zeros"):
    field = Field((2,), "float32", Points())
    group = Generated(12, lambda n, seed: {"real": np.zeros((n, 2), "float32")}, text)
    return Dataset("endless", {"real": field}, (group,))


FIELDS = [
    Field((8, 8, 3), "uint8", Image()),
    Field((), "int32", Label()),
    Field((2,), "float32", Points()),
    Field((9,), "int32", Tokens(("red", "größe"))),
]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.kind.name)
def test_a_field_in_json(field):
    again = Field.from_plain(json.loads(json.dumps(field.plain())))
    assert again == field and isinstance(again.shape, tuple)


def test_a_field_of_an_array():
    assert Field.of(np.zeros((5, 8, 8, 3), np.uint8), Image()) == FIELDS[0]
    assert Field.of(np.zeros(5, np.int32), Label()) == FIELDS[1]


@pytest.mark.parametrize(
    "change",
    [{"kind": "sound"}, {"dtype": "uint7"}, {"shape": 3}, {"shape": ["a"]}],
    ids=str,
)
def test_a_field_of_damaged_json(change):
    with pytest.raises((KeyError, TypeError, ValueError)):
        Field.from_plain(FIELDS[0].plain() | change)
    plain = FIELDS[0].plain()
    del plain[next(iter(change))]
    with pytest.raises(KeyError):
        Field.from_plain(plain)


def test_a_spec_is_the_fields_by_name_and_the_classes():
    spec = numbered().spec
    assert spec == Spec(numbered().fields, tuple("0123456789"))
    assert spec.shape == spec["real"].shape == (2, 2, 1)
    assert spec["label"].kind == KINDS["label"]
    with pytest.raises(UserError, match="dataset: has no 'source', only real, label"):
        spec["source"]


def test_columns_by_name():
    data = numbered()
    assert "label" in data and "source" not in data and len(data) == 10
    assert data["label"].tolist() == list(range(10))
    for missing in (data, endless()):
        with pytest.raises(KeyError):
            missing["source"]
    with pytest.raises(KeyError):
        endless()["real"]


def test_the_longest_group_is_the_length():
    source, target = np.zeros((3, 2, 2, 1), np.uint8), np.zeros((7, 2, 2, 1), np.uint8)
    assert len(arrays.domains(source, target, paired=False)) == 7
    assert len(endless()) == 12


def test_a_part_keeps_rows_together():
    data = numbered(seed=3)
    for rows in (slice(2, 5), [2, 3, 4], np.arange(10) // 3 == 1):
        part = data.part(rows)
        assert len(part) == 3 and part.fields == data.fields
        assert part.name == "n" and part.classes == data.classes
        for name in ("real", "label"):
            np.testing.assert_array_equal(part[name], data[name][rows])
    assert len(data) == 10, "the data set itself stays"
    assert len(endless().part(slice(2))) == 12, "what never runs out has no rows"


def test_a_part_is_described_anew():
    data = arrays.domains(*2 * [np.zeros((9, 2, 2, 1), np.uint8)], paired=True)
    assert "9 pairs" in data.describe() and "9 pairs" not in data.part([1]).describe()


def test_a_few_rows_from_first_to_last():
    few = numbered().take(4)
    assert few["label"].tolist() == few["real"][:, 0, 0, 0].tolist() == [0, 3, 6, 9]
    assert numbered().take(99)["label"].tolist() == list(range(10)), "all there are"
    assert few["real"].flags.c_contiguous
    assert endless().take(5)["real"].shape == (5, 2)


def test_a_few_rows_of_every_group():
    source, target = np.zeros((3, 2, 2, 1), np.uint8), np.ones((7, 2, 2, 3), np.uint8)
    few = arrays.domains(source, target, paired=False).take(5)
    assert few["source"].shape == (3, 2, 2, 1) and few["real"].shape == (5, 2, 2, 3)


def test_evenly_is_all_or_the_ends_and_what_lies_between():
    assert evenly(np.arange(9), 3).tolist() == [0, 4, 8]
    assert evenly(np.arange(2), 3).tolist() == [0, 1]
    assert evenly(np.arange(5), 1).tolist() == [0]


def test_a_digest_is_of_what_is_learnt_from():
    first = numbered().digest()
    assert len(first) == 32 and first == numbered().digest()
    others = [numbered(9), numbered(seed=1), numbered().part(slice(None, None, -1))]
    digests = {first, *(one.digest() for one in others)}
    assert len(digests) == 4, "other rows, other labels, another order"
    renamed = arrays.images(numbered()["real"], numbered()["label"], name="other")
    assert renamed.digest() == first, "a name teaches nothing"


def test_a_digest_tells_shapes_apart():
    flat, square = (np.zeros((4, *s, 1), np.uint8) for s in ((1, 4), (2, 2)))
    assert arrays.images(flat).digest() != arrays.images(square).digest()


def test_a_digest_of_mapped_rows_is_that_of_rows_in_memory(tmp_path):
    held = numbered()
    held["real"].tofile(tmp_path / "pixels")
    mapped = np.memmap(tmp_path / "pixels", np.uint8, "r", shape=held["real"].shape)
    assert arrays.images(mapped, held["label"]).digest() == held.digest()


def test_a_digest_of_what_is_computed_is_of_its_text():
    assert endless().digest() == endless().digest() != endless("ones").digest()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (numbered(), "n: 10 images 2x2x1, 10 classes, 40 bytes in memory"),
        (numbered(1), "n: 1 images 2x2x1, 1 class, 4 bytes in memory"),
        (
            arrays.images(np.zeros((2000, 8, 8, 3), np.uint8)),
            "images: 2,000 images 8x8x3, no labels, 384 kB in memory",
        ),
        (
            arrays.points(np.zeros((5, 2))),
            "points: 5 points of 2 coordinates, 40 bytes in memory",
        ),
        (
            arrays.vectors(np.zeros((5, 7))),
            "vectors: 5 vectors of 7 numbers, 140 bytes in memory",
        ),
        (endless(), "endless: 12 points of 2 coordinates, made as they are needed"),
    ],
    ids=lambda value: value.name if isinstance(value, Dataset) else "",
)
def test_a_line_about_the_data(data, words):
    assert data.describe() == words


def test_arrays_of_the_wrong_kind_are_refused():
    with pytest.raises(UserError, match="^real: image data are uint8"):
        arrays.images(np.zeros((3, 8, 8, 1), np.float32))
    grey = np.zeros((3, 8, 8, 1), np.uint8)
    with pytest.raises(UserError, match="^source: image data are uint8"):
        arrays.domains(grey.astype(int), grey, paired=True)
    with pytest.raises(UserError, match="^real: vector data are .* 1 dimensions"):
        arrays.vectors(np.zeros((3, 8, 8)))


def test_bytes_of_all_arrays():
    assert numbered().nbytes == 10 * 4 + 10 * 4 and endless().nbytes == 0


def test_a_game_without_data_has_one_row():
    nothing = arrays.nothing()
    assert len(nothing) == 1 and nothing["real"].tolist() == [[0.0]]


def test_rows_that_belong_together_are_as_many():
    pixels = np.zeros((5, 8, 8, 1), np.uint8)
    with pytest.raises(UserError, match="differ in number: real 5, label 4"):
        arrays.images(pixels, np.zeros(4, np.int32))
    with pytest.raises(UserError, match="differ in number: source 5, real 4"):
        arrays.domains(pixels, pixels[:4], paired=True)
    assert len(arrays.domains(pixels, pixels[:4], paired=False)) == 5
