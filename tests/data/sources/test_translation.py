"""Two domains: from every place that they can come from."""

import os
import pathlib

import numpy as np
import pytest
from PIL import Image

from kgan.data import DomainSource, Jitter, arrays, batches, load_domains
from kgan.data.sources import tasks, translation
from kgan.data.sources.tasks import TASKS
from kgan.errors import UserError


def quietly(ask, paired=True, size=8, **options):
    return load_domains(
        ask, paired=paired, image_size=size, log=lambda line: None, **options
    )


def save(path, *values, side=8, mode="L"):
    """A picture of equal squares side by side, one for each value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    squares = [np.full((side, side), v, np.uint8) for v in values]
    Image.fromarray(np.concatenate(squares, 1)).convert(mode).save(path)


@pytest.fixture
def pairs(tmp_path):
    """A|B with B = A + 100, numbers 0 to 19."""
    for i in range(20):
        save(tmp_path / "pairs" / f"{i:02d}.png", i, i + 100)
    return tmp_path / "pairs"


@pytest.fixture
def two(tmp_path):
    for i in range(20):
        save(tmp_path / "a" / f"{i:02d}.png", i)
        save(tmp_path / "b" / f"{i:02d}.bmp", i + 100, mode="RGB")
    return tmp_path


def ends(domains):
    return [domains[name][:, 0, 0, 0].astype(int) for name in ("source", "real")]


def test_side_by_side_both_ways(pairs):
    there = quietly(DomainSource(str(pairs)))
    back = quietly(DomainSource(str(pairs), direction="BtoA"))
    a, b = ends(there)
    np.testing.assert_array_equal(b, a + 100)
    np.testing.assert_array_equal(ends(back), [b, a])
    assert len(there.groups) == 1, "rows belong together"
    assert there.spec.shape == there.spec["source"].shape == (8, 8, 1)
    # The last tenth is held out: nothing learns from it.
    assert a.tolist() == list(range(18)) and len(there) == 18
    assert [one.tolist() for one in ends(there.held_out)] == [[18, 19], [118, 119]]


def test_facades():
    """The field's own pairs: 400 photographs and their labels, 106 held out."""
    folder = pathlib.Path(os.environ.get("KGAN_TEST_DATA", "")) / "facades"
    if not folder.is_dir() or not os.environ.get("KGAN_TEST_DATA"):
        pytest.skip("$KGAN_TEST_DATA names no folder with facades/")
    domains = quietly(DomainSource(str(folder), direction="BtoA"), size=32)
    assert domains["source"].shape == domains["real"].shape == (400, 32, 32, 3)
    assert domains.held_out["real"].shape == (6, 32, 32, 3)


def test_two_folders_with_equal_names(two):
    ask = DomainSource(source=str(two / "a"), target=str(two / "b"))
    domains = quietly(ask)
    a, b = ends(domains)
    np.testing.assert_array_equal(b, a + 100)
    assert domains["source"].shape[-1] == 1 and domains["real"].shape[-1] == 3
    assert domains.name == "a-b"


def test_a_damaged_file_takes_its_pair_with_it(two):
    (two / "a" / "03.png").write_text("no picture")
    (two / "b" / "07.bmp").write_text("none either")
    ask = DomainSource(source=str(two / "a"), target=str(two / "b"))
    said = []
    domains = load_domains(ask, paired=True, image_size=8, log=said.append)
    a, b = ends(domains)
    np.testing.assert_array_equal(b, a + 100)
    assert not {3, 7} & set(a.tolist()) and len(domains.left_out) == 4
    assert (
        "a: left out 2 of 20 files: 1 not an image of a known kind (03.png)" in said[0]
    )


def test_pairs_come_together_and_domains_do_not(pairs, tmp_path):
    for change in (None, Jitter(flip=True)):
        feed = batches(quietly(DomainSource(str(pairs))), 6, seed=1, change=change)
        for batch in feed.take(4):
            apart = np.asarray(batch["real"] - batch["source"])
            np.testing.assert_allclose(apart, 100, atol=0.01)
    for i in range(30):
        save(tmp_path / "trainA" / f"{i}.png", i)
        save(tmp_path / "trainB" / "some" / f"{i}.png", i + 100)
    for end in "AB":
        save(tmp_path / f"test{end}" / "0.png", 200)
        save(tmp_path / f"test{end}" / "1.png", 201)
    domains = quietly(DomainSource(str(tmp_path)), paired=False)
    assert len(domains) == 30 and domains.held_out["real"].shape == (2, 8, 8, 1)
    apart = [
        np.subtract(batch["real"], batch["source"], dtype=int)[:, 0, 0, 0]
        for batch in batches(domains, 10, seed=1).take(3)
    ]
    assert np.std(apart) > 5, "the orders of the two have nothing to do with each other"


def test_jitter_treats_a_pair_alike():
    """Different pictures of one scene stay aligned: crop, flip and all."""
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (4, 16, 16, 1)).astype("float32") / 127.5 - 1
    changed = Jitter(0.2, flip=True)({"source": picture, "real": -picture}, [3, 4])
    np.testing.assert_allclose(changed["source"], -changed["real"], atol=1e-6)
    assert np.abs(changed["source"] - picture).max() > 0.1


@pytest.mark.parametrize("task", ["edges", "complete", "superresolve"])
def test_tasks_on_the_digits(task):
    domains = quietly(DomainSource("digits", task=task), size=16)
    assert len(domains) == 1437
    assert domains.held_out["source"].shape == (6, 16, 16, 1)
    made = TASKS[task](domains["real"][:9])
    np.testing.assert_array_equal(domains["source"][:9], made)


def test_the_task_that_nobody_named():
    """Thin lines are too easy to tell from drawn ones: without pairs D would win."""
    assert DomainSource("digits").checked(paired=True).task == "edges"
    assert DomainSource("digits").checked(paired=False).task == "complete"
    assert DomainSource("digits", task="edges").checked(paired=False).task == "edges"


def test_without_pairs_no_picture_is_in_both():
    domains = quietly(DomainSource("digits"), paired=False, size=16)
    assert domains.name == "digits-complete"
    of_targets = {one.tobytes() for one in tasks.complete(domains["real"])}
    both = sum(one.tobytes() in of_targets for one in domains["source"])
    assert len(domains["source"]) == 718 and len(domains["real"]) == 719 and both < 10


def test_without_pairs_both_domains_are_of_all_classes(tmp_path):
    """Pictures of a folder lie class by class."""
    for name, shade in (("dark", 10), ("light", 200)):
        (tmp_path / name).mkdir()
        for number in range(4):
            picture = Image.new("RGB", (8, 8), (shade + number,) * 3)
            picture.save(tmp_path / name / f"{number}.png")
    domains = quietly(DomainSource(str(tmp_path), task="colourise"), paired=False)
    for name in ("source", "real"):
        shades = np.asarray(domains[name])[:, 0, 0, 0]
        assert (shades < 100).any() and (shades > 100).any()


def test_cycle_gan_of_tfds(monkeypatch):
    """Its splits are named as the folders are; nothing of it is here to be read."""
    asked = []

    def load(name, *, split, **options):
        asked.append((name, split))
        number = {"trainA": 1, "trainB": 2, "testA": 3, "testB": 4}[split]
        return arrays.images(
            np.full((number + 1, 8, 8, 3), number, np.uint8), name=split
        )

    monkeypatch.setattr(translation, "load", load)
    domains = quietly(DomainSource("cycle_gan/maps"), paired=False)
    assert {name for name, _ in asked} == {"cycle_gan/maps"}
    assert [x.tolist() for x in ends(domains)] == [[1] * 2, [2] * 3]
    assert [x.tolist() for x in ends(domains.held_out)] == [[3] * 4, [4] * 4]


@pytest.mark.parametrize(
    "ask, paired, words",
    [
        (DomainSource("{pairs}", task="colourise"), True, "is grey"),
        (DomainSource(source="{two}/a"), False, "^source: .* go together"),
        (
            DomainSource(source="a", target="b", task="edges"),
            False,
            "^task=edges: makes",
        ),
        (
            DomainSource(source="mnist", target="usps"),
            True,
            "^source=mnist: .* two folders",
        ),
        (DomainSource("{two}"), False, "no folder trainA: .* source and target"),
        (DomainSource("{two}/a"), True, "20 of 20 pairs .*8x8, not two pictures"),
    ],
)
def test_what_cannot_be(ask, paired, words, pairs, two):
    known = {"pairs": pairs, "two": two}
    given = {f: v.format(**known) for f, v in vars(ask).items()}
    with pytest.raises(UserError, match=words):
        quietly(DomainSource(**given), paired)


def test_unequal_pairs_and_empty_domains(two):
    (two / "b" / "03.bmp").unlink()
    save(two / "b" / "99.png", 1)
    ask = DomainSource(source=str(two / "a"), target=str(two / "b"))
    with pytest.raises(UserError, match="a: 1 of 20 images have no partner .*: 03$"):
        quietly(ask)
    (two / "empty").mkdir()
    ask = DomainSource(source=str(two / "a"), target=str(two / "empty"))
    with pytest.raises(UserError, match="empty: holds no usable image"):
        quietly(ask, paired=False)
