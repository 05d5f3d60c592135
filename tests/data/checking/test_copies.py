"""Which pictures are alike, and which are not."""

import numpy as np
import pytest

from kgan.data.checking import copies, looks


def noise(count, contrast=60.0, seed=0):
    """Pictures (count, 64, 64, 1) of fields of 4x4, and finer noise."""
    random = np.random.default_rng(seed)
    fields = random.normal(128, contrast, (count, 16, 16, 1)).repeat(4, 1).repeat(4, 2)
    return (fields + random.normal(0, 2, fields.shape)).clip(0, 255).astype(np.uint8)


def test_each_group_of_copies_has_a_number():
    one = noise(5)
    small = np.concatenate([one, one[[3, 1, 3]]])
    groups = copies.alike(small)
    assert groups[3] == groups[5] == groups[7]
    assert groups[1] == groups[6]
    assert len(set(groups)) == 5


def test_all_blocks_are_compared_with_all(monkeypatch):
    one = noise(40)
    small = np.concatenate([one, one[::-1]])
    whole = copies.alike(small)
    monkeypatch.setattr(copies, "BLOCK", 80 * 7)  # seven rows at once
    monkeypatch.setattr(copies, "PAIRS", 3)
    assert np.array_equal(
        copies.alike(small)[:, None] == copies.alike(small), whole[:, None] == whole
    )
    assert np.array_equal(whole[:40], whole[40:][::-1])


@pytest.mark.parametrize(
    ("change", "is_copy"),
    [
        (lambda one: one + 3, True),  # the brightness of another program
        (lambda one: one + np.random.default_rng(1).normal(0, 6, one.shape), True),
        (lambda one: one + 20, False),
        (lambda one: one[:, ::-1], False),
        (lambda one: np.roll(one, 4, 0), False),
    ],
)
def test_the_limits(change, is_copy):
    one = noise(1, contrast=40)[0].astype(float)
    pair = np.stack([one, change(one)]).clip(0, 255).astype(np.uint8)
    groups = copies.alike(pair)
    assert (groups[0] == groups[1]) == is_copy


def test_a_small_part_that_differs_much_makes_another_picture():
    """As the faces of emoji do."""
    pair = noise(1).repeat(2, 0)
    pair[1, 8:16, 8:16] = 255 - pair[1, 8:16, 8:16]
    assert len(set(copies.alike(pair))) == 2


def test_pictures_of_hardly_any_contrast_are_not_all_alike():
    assert len(set(copies.alike(noise(6, contrast=5)))) == 6


def test_a_colour_makes_another_picture():
    """Hearts in two colours of equal brightness."""
    pair = np.zeros((2, 64, 64, 3), np.uint8)
    pair[0, 16:48, 16:48, 0], pair[1, 16:48, 16:48, 1] = 196, 100
    assert np.ptp(looks.luma(pair).mean((1, 2))) < 1
    assert len(set(copies.alike(pair))) == 2


def test_no_pictures():
    assert len(copies.alike(np.zeros((0, 64, 64, 3), np.uint8))) == 0


def test_detail_is_the_frequency():
    """A wave of frequency w has second differences w times its first ones, nearly."""
    places = np.arange(64)
    for wave in (0.2, 0.5, 1.0):
        one = (
            127
            + 100 * np.sin(wave * places)[None, :, None, None]
            + np.zeros((1, 64, 64, 1))
        )
        assert looks.detail(one)[0] == pytest.approx(2 * np.sin(wave / 2), rel=0.03)
    blank = np.full((1, 64, 64, 1), 7, np.uint8)
    assert looks.spread(blank)[0] == 0
    assert looks.detail(blank)[0] < looks.BLURRED
