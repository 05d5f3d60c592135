"""Coloured digits: what a picture shows is what its caption says, and what is held out."""

import functools
import re

import numpy as np
import pytest

from kgan.data import load, load_held_out
from kgan.data.attributes import combinations
from kgan.data.kinds.tokens import words
from kgan.data.sources import coloured_digits as source
from kgan.data.sources.coloured_digits import NAMES, PALETTE, TEMPLATES
from kgan.errors import UserError


def quiet(_):
    """Take a line and drop it."""


@functools.cache
def digits(split):
    return load("coloured_digits", split=split, log=quiet)


def told(data):
    """The digit, the ink and the paper that each caption names, (n, 3)."""
    texts = data.fields["caption"].kind.decode(data["caption"])
    colour = "|".join(PALETTE)
    digit = "|".join((*NAMES, *map(str, range(10))))
    order = {"digit": digit, "figure": digit, "ink": colour, "paper": colour}
    patterns = []
    for template in TEMPLATES:
        text = " ".join(words([template.replace("{", "<").replace("}", ">")])[0])
        text = re.sub(r"\ba ", "an? ", text)
        for name, options in order.items():
            key = "digit" if name == "figure" else name
            text = text.replace(f"<{name}>", f"(?P<{key}>{options})")
        patterns.append(re.compile(text))
    found = []
    for text in texts:
        (match,) = filter(None, (one.fullmatch(text) for one in patterns))
        name = match["digit"]
        number = NAMES.index(name) if name in NAMES else int(name)
        found.append([number, *([*PALETTE].index(match[k]) for k in ("ink", "paper"))])
    return np.array(found)


@pytest.mark.parametrize("split", ["train", "test"])
def test_captions_attributes_and_pictures_say_the_same(split):
    data = digits(split)
    known = np.stack([one.values for one in data.attributes.values()], 1)
    assert [*data.attributes] == ["digit", "ink", "paper"]
    np.testing.assert_array_equal(told(data), known)
    np.testing.assert_array_equal(data["label"], known[:, 0])
    for name, read in data.readers.items():
        np.testing.assert_array_equal(
            read(data["real"]), data.attributes[name].values, name
        )


def test_colours_are_read_under_noise():
    data = digits("test").part(slice(0, 500))
    noise = np.random.default_rng(0).normal(0, 12, data["real"].shape)
    noisy = np.clip(data["real"] + noise, 0, 255).astype(np.uint8)
    for name, read in data.readers.items():
        np.testing.assert_array_equal(read(noisy), data.attributes[name].values, name)


def test_a_fifth_of_the_combinations_is_held_out_and_every_pair_is_seen():
    every = np.stack(np.meshgrid(range(10), range(7), range(7), indexing="ij"), -1)
    every = every.reshape(-1, 3)
    every = every[every[:, 1] != every[:, 2]]
    out = source.is_held_out(*every.T)
    assert len(every) == 420 and out.sum() == 84
    for pair in ((0, 1), (0, 2), (1, 2)):
        seen = {tuple(one) for one in every[~out][:, pair]}
        assert seen == {tuple(one) for one in every[:, pair]}
    train, test = (set(combinations(digits(s).attributes)) for s in ("train", "test"))
    assert len(train) == 336 and len(test) == 420 and train < test


def test_an_example_is_a_function_of_its_number():
    first, again = digits("train"), load("coloured_digits", log=quiet)
    assert first.digest() == again.digest()
    assert not np.array_equal(first["caption"][:360], digits("test")["caption"][:360])


def test_other_sizes():
    large = load("coloured_digits", image_size=64, split="test", log=quiet)
    assert large.spec.shape == (64, 64, 3)
    np.testing.assert_array_equal(large["caption"], digits("test")["caption"])
    read = large.readers["ink"](large["real"][:300])
    np.testing.assert_array_equal(read, large.attributes["ink"].values[:300])
    with pytest.raises(UserError, match=r"channels=1: .* is in colour"):
        load("coloured_digits", channels=1, log=quiet)
    with pytest.raises(UserError, match="split=val: coloured_digits has the splits"):
        load("coloured_digits", split="val", log=quiet)


def test_lines(capsys):
    load("coloured_digits")
    assert capsys.readouterr().out.splitlines()[0] == (
        "coloured_digits: 11,496 images 32x32x3 with captions, made of the 1,437 digits "
        "of scikit-learn, each 8 times, in 336 combinations of digit, ink and paper"
    )


def test_what_is_held_out_has_the_same_words():
    train = digits("train")
    held_out = load_held_out("coloured_digits", train, log=quiet)
    assert held_out is not None and held_out.fields == train.fields
    assert [*held_out.attributes] == [*train.attributes] and held_out.readers


def test_grammar():
    texts = [source.caption(8, 1, 4, template) for template in range(len(TEMPLATES))]
    assert texts[0] == "an orange eight on blue" and texts[2].endswith("an orange 8")
    assert not any(re.search(r"\ba [aeiou]", text) for text in texts)


def test_mnist_in_colour():
    try:
        data = load("coloured_mnist", split="test", log=quiet)
    except UserError as error:
        pytest.skip(str(error))
    assert len(data) == 10_000 and data.spec.shape == (32, 32, 3)
    read = data.readers["paper"](data["real"])
    np.testing.assert_array_equal(read, data.attributes["paper"].values)
