"""The order, the values and the end (there is none) of the feed."""

import dataclasses
import itertools

import numpy as np
import pytest
import tensorflow as tf

from kgan.data import Field, Generated, Jitter, arrays, batches, steps_per_pass
from kgan.data.kinds import Points, Tokens
from kgan.errors import UserError
from kgan.randomness import uniform


def numbered(count, labels=True):
    """Images whose pixels and label are the image's own number."""
    numbers = np.arange(count, dtype=np.uint8)
    pixels = np.broadcast_to(numbers[:, None, None, None], (count, 2, 2, 1)).copy()
    names = tuple(str(number) for number in numbers)
    if not labels:
        return arrays.images(pixels, name="numbered")
    return arrays.images(
        pixels, numbers.astype(np.int32), name="numbered", classes=names
    )


def order(images, batch_size, steps, **options):
    """The labels of the first batches, as a list of lists."""
    feed = itertools.islice(batches(images, batch_size, **options), steps)
    return [batch["label"].numpy().tolist() for batch in feed]


def test_batches_hold_images_with_their_labels():
    feed = batches(numbered(10), 4, seed=0)
    assert feed.cardinality() == tf.data.INFINITE_CARDINALITY
    assert feed.element_spec["real"] == tf.TensorSpec((4, 2, 2, 1), tf.uint8)
    assert feed.element_spec["label"] == tf.TensorSpec((4,), tf.int32)
    for batch in feed.take(5):
        np.testing.assert_array_equal(batch["real"][:, 1, 1, 0], batch["label"])


@pytest.mark.parametrize(
    "array",
    [np.arange(12, dtype=np.float32).reshape(6, 2), np.eye(6, dtype=np.float32)],
)
def test_what_is_no_picture_is_fed_as_it_is_stored(array):
    (batch,) = batches(arrays.points(array), 6, seed=0).take(1)
    found = sorted(map(tuple, batch["real"].numpy()))
    assert found == sorted(map(tuple, array))


def test_labels_are_absent_if_there_are_none():
    assert set(batches(numbered(4, labels=False), 2, seed=0).element_spec) == {"real"}


def test_an_epoch_shows_every_image_once_and_drops_the_remainder():
    images = numbered(11)
    steps = steps_per_pass(images, 3)
    assert steps == 3
    batched = order(images, 3, 4 * steps, seed=5)
    epochs = np.reshape(batched, (4, 9)).tolist()
    for epoch in epochs:
        assert len(set(epoch)) == 9 and set(epoch) <= set(range(11))
    # Each epoch has an order of its own, and drops images of its own.
    assert len({tuple(epoch) for epoch in epochs}) == 4
    assert len({frozenset(epoch) for epoch in epochs}) > 1


def test_order_depends_on_nothing_but_seed_and_epoch():
    images = numbered(20)
    first = order(images, 5, 8, seed=7)
    tf.random.set_seed(99)
    assert order(images, 5, 8, seed=7) == first
    assert order(images, 5, 8, seed=8) != first
    assert order(images, 5, 4, seed=2**40 + 7) != first[:4]
    # Nor on the batch size.
    doubled = order(images, 10, 4, seed=7)
    np.testing.assert_array_equal(np.ravel(doubled), np.ravel(first))


@pytest.mark.parametrize(("epoch", "step"), [(0, 2), (1, 0), (2, 1), (5, 2), (6, 0)])
def test_resumed_order_is_the_continuation(epoch, step):
    images = numbered(13)
    steps = steps_per_pass(images, 4)
    whole = order(images, 4, 8 * steps, seed=3)
    resumed = order(images, 4, 2 * steps, seed=3, start=(epoch, step))
    begun = epoch * steps + step
    assert resumed == whole[begun : begun + 2 * steps]


def test_mapped_pixels_feed_like_those_in_memory(tmp_path):
    held = numbered(13)
    path = tmp_path / "pixels"
    held["real"].tofile(path)
    pixels = np.memmap(path, np.uint8, "r", shape=held["real"].shape)
    mapped = arrays.images(pixels, held["label"], classes=held.classes)
    feeds = batches(held, 4, seed=1), batches(mapped, 4, seed=1)
    assert feeds[0].element_spec == feeds[1].element_spec
    for one, other in itertools.islice(zip(*feeds, strict=True), 9):
        np.testing.assert_array_equal(one["real"], other["real"])
        np.testing.assert_array_equal(one["label"], other["label"])


def test_pixels_are_no_constant_of_the_graph():
    feed = batches(
        arrays.images(np.zeros((4000, 32, 32, 1), np.uint8), name="many"), 4, seed=0
    )

    @tf.function
    def first():
        return next(iter(feed))["real"]

    assert first.get_concrete_function().graph.as_graph_def().ByteSize() < 100_000


def test_batch_larger_than_the_data_is_an_error():
    assert steps_per_pass(numbered(10), 10) == 1
    with pytest.raises(UserError, match="batch_size=11: .* 10 examples of numbered"):
        batches(numbered(10), 11, seed=0)
    with pytest.raises(UserError, match="at most 10"):
        steps_per_pass(numbered(10), 11)
    with pytest.raises(UserError, match="batch_size=0: is impossible"):
        steps_per_pass(numbered(10), 0)


def with_captions():
    """Pictures that are their own number n, with n % 3 + 1 captions [n, 1], [n, 2]."""
    data = numbered(12, labels=False)
    several = np.zeros((12, 3, 2), np.int32)
    for n in range(12):
        for k in range(n % 3 + 1):
            several[n, k] = n + 1, k + 1
    kind = Tokens([str(n) for n in range(20)])
    return dataclasses.replace(
        data,
        fields=data.fields | {"caption": Field((2,), "int32", kind)},
        groups=({**data.groups[0], "caption": several[:, 0]},),
        alternatives={"caption": several},
    )


def test_one_of_several_captions_is_drawn_by_the_seed_and_the_step():
    data = with_captions()
    feed = batches(data, 4, seed=3)
    assert feed.element_spec["caption"] == tf.TensorSpec((4, 2), tf.int32)
    drawn = [batch["caption"].numpy() for batch in feed.take(300)]
    pairs, counts = np.unique(np.concatenate(drawn), axis=0, return_counts=True)
    wanted = [[n + 1, k + 1] for n in range(12) for k in range(n % 3 + 1)]
    assert pairs.tolist() == wanted, "every caption there is, and no padding"
    shares = counts / 100 * [n % 3 + 1 for n in range(12) for _ in range(n % 3 + 1)]
    assert shares.min() > 0.6 and shares.max() < 1.4
    for batch in feed.take(3):
        np.testing.assert_array_equal(
            batch["real"][:, 0, 0, 0] + 1, batch["caption"][:, 0]
        )
    later = next(iter(batches(data, 4, seed=3, start=(2, 1))))["caption"]
    np.testing.assert_array_equal(later, drawn[7])
    assert data.digest() != dataclasses.replace(data, alternatives={}).digest()


def test_several_processes_read_what_one_reads():
    """Each its rows, which chance changes as it changes those of the whole batch."""
    captioned = with_captions()
    computed = Generated(9, lambda n, seed: {"noise": uniform((n, 2), seed)}, "noise")
    data = dataclasses.replace(
        captioned,
        fields=captioned.fields | {"noise": Field((2,), "float32", Points())},
        groups=(*captioned.groups, computed),
    )
    options = {"seed": 4, "start": (0, 1), "change": Jitter(0.3, True)}
    whole = list(batches(data, 4, **options).take(3))
    for rows in ([1, 3], [2, 0]):
        part = list(batches(data, 4, rows=rows, **options).take(3))
        for one, own in zip(whole, part, strict=True):
            assert own.keys() == one.keys()
            for name, values in one.items():
                np.testing.assert_array_equal(values.numpy()[rows], own[name])
