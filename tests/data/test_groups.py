"""Groups of rows that are drawn apart, stored or computed: order and resumption."""

import dataclasses
import itertools

import numpy as np
import pytest
import tensorflow as tf

from kgan.data import Dataset, Field, Generated, arrays, batches, steps_per_pass
from kgan.data.kinds import KINDS, Attributes, Lines, Points
from kgan.data.pipeline import DRAWN_TOGETHER
from kgan.randomness import uniform

LENGTH = 12


def stored(count=LENGTH, few=5):
    """Two domains of pictures that are their own number; fewer of the second."""
    numbers = np.arange(count, dtype=np.uint8)[:, None, None, None]
    pixels = np.zeros((count, 4, 4, 1), np.uint8) + numbers
    return arrays.domains(pixels, pixels[:few].copy(), paired=False)


def computed(length=LENGTH):
    """Points that never run out."""
    group = Generated(length, lambda n, seed: {"real": uniform((n, 2), seed)}, "noise")
    return Dataset("noise", {"real": Field((2,), "float32", Points())}, (group,))


def mixed():
    """Stored pictures with labels, and computed points beside them."""
    images = arrays.images(stored()["source"], np.arange(LENGTH), name="mixed")
    pictures = {"source": images["real"], "label": images["label"]}
    fields = {
        "source": images.fields["real"],
        "label": images.fields["label"],
        "real": computed().fields["real"],
    }
    return Dataset("mixed", fields, (pictures, *computed(5).groups))


DATA = {"stored": stored, "computed": computed, "mixed": mixed}


def some(data, count, **options):
    """The first batches, of 3: a list of dicts of arrays."""
    feed = itertools.islice(batches(data, 3, **options), count)
    return [{name: value.numpy() for name, value in batch.items()} for batch in feed]


def assert_same(found, wanted):
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert one.keys() == other.keys()
        for name, value in one.items():
            np.testing.assert_array_equal(value, other[name])


def test_stored_groups_are_drawn_apart():
    epoch = some(stored(), 4, seed=0)
    first, second = (
        np.concatenate([batch[name][:, 0, 0, 0] for batch in epoch])
        for name in ("source", "real")
    )
    assert sorted(first) == list(range(LENGTH))
    counts = np.bincount(second, minlength=5)
    assert counts.sum() == LENGTH and set(counts) <= {2, 3}, "each before any again"
    assert (first[:5] != second[:5]).any()
    equal = some(stored(few=LENGTH), 4, seed=0)
    same = [np.array_equal(batch["source"], batch["real"]) for batch in equal]
    assert not any(same), "of equal length they have different orders"


def test_rows_of_one_group_stay_together():
    for batch in some(mixed(), 9, seed=4):
        np.testing.assert_array_equal(batch["source"][:, 0, 0, 0], batch["label"])


@pytest.mark.parametrize("name", DATA)
def test_order_depends_on_nothing_but_the_seed(name):
    data = DATA[name]()
    first = some(data, 9, seed=7)
    tf.random.set_seed(99)
    assert_same(some(data, 9, seed=7), first)
    other = some(data, 9, seed=8)
    for field in data.fields:
        assert any(
            (a[field] != b[field]).any() for a, b in zip(first, other, strict=True)
        )


# Before, at, and after the end of what a computed group draws at once.
STARTS = [(0, 1), (1, 0), (2, 3), (12, 1), (12, 2), (12, 3), (25, 0), (30, 1)]


@pytest.mark.parametrize("name", DATA)
def test_a_run_goes_on_with_the_same_batches(name):
    data = DATA[name]()
    steps = steps_per_pass(data, 3)
    assert steps == 4 and 12 * steps < DRAWN_TOGETHER < 25 * steps
    whole = some(data, 32 * steps, seed=3)
    for epoch, step in STARTS:
        begun = epoch * steps + step
        found = some(data, 5, seed=3, start=(epoch, step))
        assert_same(found, whole[begun : begun + 5])


def test_what_is_computed_never_comes_again():
    rows = np.concatenate([batch["real"] for batch in some(computed(), 120, seed=0)])
    assert len({tuple(row) for row in rows}) == len(rows) == 360
    assert rows.mean() == pytest.approx(0.5, abs=0.05)


def test_two_computed_groups_are_drawn_apart():
    """Even of the same distribution, and from the same seed."""

    def source(n, seed):
        return {"source": uniform((n, 2), seed)}

    one, twice = computed(), {"source": computed().fields["real"]}
    both = dataclasses.replace(
        one,
        fields=one.fields | twice,
        groups=(*one.groups, Generated(5, source, "noise")),
    )
    found = some(both, 60, seed=0)
    first, second = (
        np.concatenate([batch[name] for batch in found]) for name in ("real", "source")
    )
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.15
    assert not {tuple(row) for row in first} & {tuple(row) for row in second}
    assert_same(some(both, 5, seed=0, start=(12, 3)), found[51:56])


@pytest.mark.parametrize("name", DATA)
def test_a_batch_is_as_the_fields_say(name):
    data = DATA[name]()
    feed = batches(data, 3, seed=0)
    assert feed.cardinality() == tf.data.INFINITE_CARDINALITY
    assert feed.element_spec == {
        key: tf.TensorSpec((3, *field.shape), field.dtype)
        for key, field in data.fields.items()
    }


def test_only_pictures_are_changed():
    def brighter(pictures, seed, share):
        assert set(pictures) == {"source"} and seed.dtype == tf.int64
        return {name: value + 100.0 for name, value in pictures.items()}

    plain, changed = (some(mixed(), 3, seed=0, change=c) for c in (None, brighter))
    for one, other in zip(plain, changed, strict=True):
        np.testing.assert_array_equal(one["source"] + 100.0, other["source"])
        assert other["source"].dtype == np.float32
        for name in ("label", "real"):
            np.testing.assert_array_equal(one[name], other[name])


def test_kinds_have_a_place_in_a_batch():
    """Every kind that can be stored can be fed."""
    arrays_of = {
        "image": np.zeros((4, 2, 2, 1), np.uint8),
        "label": np.arange(4, dtype=np.int32),
        "points": np.zeros((4, 2), np.float32),
        "vector": np.zeros((4, 7), np.float32),
        "bits": np.ones((4, 3), np.uint8),
        "attributes": np.ones((4, 2), np.int32),
        "tokens": np.ones((4, 5), np.int32),
        "lines": np.ones((4, 6), np.int32),
        "frames": np.zeros((4, 3, 2, 2, 1), np.uint8),
        "roll": np.zeros((4, 3, 1), np.uint8),
        "poses": np.zeros((4, 3, 43), np.float32),
    }
    assert arrays_of.keys() == KINDS.keys()
    options = {"mouth": ("smile", "smirk"), "glasses": ("none", "round")}
    made = KINDS | {"lines": Lines(("", "a", "b")), "attributes": Attributes(options)}
    columns = {name: (array, made[name]) for name, array in arrays_of.items()}
    (batch,) = batches(arrays.one_group("all", columns), 4, seed=0).take(1)
    for name, array in arrays_of.items():
        assert batch[name].shape == array.shape and batch[name].dtype == array.dtype
