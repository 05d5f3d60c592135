"""Scores of what was asked for: with sources that draw it, exchange it, or ignore it."""

import dataclasses
import functools

import numpy as np
import pytest
import tensorflow as tf

from kgan import evaluation, metrics
from kgan.data import Field, evenly, load
from kgan.data.attributes import Attribute
from kgan.data.kinds import Image
from kgan.data.kinds.tokens import Tokens
from kgan.data.sources import arrays, tinted
from kgan.data.sources.coloured_digits import PALETTE
from kgan.errors import UserError
from kgan.evaluation import agreement, captions, readers
from kgan.evaluation.captions import CaptionSource
from kgan.evaluation.reference import Reference
from kgan.export.saved_model import export_generator
from kgan.metrics import PixelFeatures
from tests.conformance import games, inputs


@functools.cache
def coloured(split):
    """Coloured digits whose known attributes are read off in closed form: the colours."""
    data = load("coloured_digits", split=split, image_size=16, log=lambda line: None)
    # Of 1,500 captions too few have "an eight" for `told` to be sure of each.
    rows = slice(0, 2000) if split == "train" else slice(0, 600)
    data = data.part(rows)
    known = {name: data.attributes[name] for name in ("ink", "paper")}
    return dataclasses.replace(data, attributes=known)


@pytest.fixture
def real():
    train, held_out = coloured("train"), coloured("test")
    return Reference("coloured", train, held_out, PixelFeatures((4, 4)), None)


class Painter(CaptionSource):
    """Paints the two colours that a caption names, as a frame and what is inside.

    Args:
        turn: a function of (ink, paper), which are (n,), to those that are painted.
        noise: how much the colours differ from sample to sample.
    """

    game = None

    def __init__(self, turn=lambda ink, paper: (ink, paper), noise=12.0):
        self.turn, self.noise, self.shape = turn, noise, (16, 16, 3)
        self._texts = np.array(captions.texts(coloured("train")))

    def knows(self, asked):
        return np.array(["purple" not in text or "on" in text for text in asked])

    def asked(self, asked, seed):
        table = coloured("train"), coloured("test")
        found = {}
        for data in table:
            pairs = np.stack([one.values for one in data.attributes.values()], 1)
            found |= dict(zip(captions.texts(data), pairs, strict=True))
        ink, paper = self.turn(*np.stack([found[text] for text in asked], 1))
        colours = np.array([*PALETTE.values()], np.float32)
        images = np.repeat(colours[paper][:, None, None], 16, 1).repeat(16, 2)
        images[:, 5:11, 5:11] = colours[ink][:, None, None]
        chance = np.random.default_rng(seed)
        images += self.noise * chance.normal(size=images.shape)
        yield np.clip(images, 0, 255).astype(np.uint8), {}


class Judge:
    """A matcher that reads the colours, of images and of captions, in closed form."""

    def __init__(self, *args, **options):
        pass

    def images(self, images):
        read = [coloured("train").readers[name](images) for name in ("ink", "paper")]
        return np.eye(49, dtype=np.float32)[7 * read[0] + read[1]]

    def captions(self, ids):
        kind, known = coloured("train").fields["caption"].kind, coloured("test")
        pairs = np.stack([one.values for one in known.attributes.values()], 1)
        table = dict(zip(captions.texts(known), pairs @ [7, 1], strict=True))
        return np.eye(49, dtype=np.float32)[[table[text] for text in kind.decode(ids)]]


def measured(real, source, monkeypatch, n=400):
    monkeypatch.setattr(metrics, "fit_matcher", Judge)
    details, score = {}, lambda *args: metrics.Score(*args)
    found = agreement.scores(
        score, source, real, details, n=n, seed=0, log=lambda line: None
    )
    return {one.name: one for one in found}, details


def test_a_source_that_draws_what_is_asked_for(real, monkeypatch):
    found, details = measured(real, Painter(), monkeypatch)
    for name in ("ink", "paper", "mean", "joint"):
        assert found[f"agreement-{name}"].value == 1.0
        assert found[f"agreement-{name}"].floor == 1.0
    assert found["word_order-ink-paper"].value == 1.0
    assert found["R@1 of 100"].value == found["R@1 of 100"].floor == 1.0
    assert "agreement-joint-unseen" not in found, "all pairs of colours are seen"
    assert details["samples of agreement-joint"] == 400


def test_a_picture_of_what_was_asked_for(real):
    """Each cell shows the colours of its own caption; a source that takes none, nothing."""
    source = Painter(noise=0.0)
    picture = evaluation.asked_picture(source, real)
    known = np.flatnonzero(source.knows(captions.texts(coloured("test"))))
    shown = coloured("test").part(evenly(known, 24))
    cell = (picture.shape[1] - 2) // 6
    colours = np.array([*PALETTE.values()])
    height = (picture.shape[0] - 2) // 4
    assert picture.shape == (2 + 4 * height, 2 + 6 * cell, 3) and height > cell
    ink, paper = (shown.attributes[name].values for name in ("ink", "paper"))
    for i in range(24):
        left, top = 2 + i % 6 * cell, 2 + i // 6 * height
        image = picture[top : top + cell - 2, left : left + cell - 2]
        np.testing.assert_array_equal(image[cell // 2, cell // 2], colours[ink[i]])
        np.testing.assert_array_equal(image[1, 1], colours[paper[i]])
        below = picture[top + cell : top + height - 2, left : left + cell - 2]
        assert (below < 128).any(), "a text"

    class Unconditional(evaluation.Source):
        shape = (16, 16, 3)

    assert evaluation.asked_picture(Unconditional(), real) is None


def test_colours_the_wrong_way_round(real, monkeypatch):
    exchanged, _ = measured(real, Painter(lambda ink, paper: (paper, ink)), monkeypatch)
    assert exchanged["agreement-joint"].value == 0.0
    assert exchanged["word_order-ink-paper"].value == 0.0
    assert exchanged["word_order-ink-paper"].floor == 1.0
    assert exchanged["R@1 of 100"].value < 0.1
    # What does not see the order of the words: always in the order of the colours.
    bag = Painter(lambda a, b: (np.minimum(a, b), np.maximum(a, b)))
    by_bag, _ = measured(real, bag, monkeypatch)
    assert by_bag["word_order-ink-paper"].value == pytest.approx(0.5, abs=0.1)
    assert by_bag["agreement-ink"].value == pytest.approx(0.5, abs=0.1)


def test_what_is_asked_for_is_ignored(real, monkeypatch):
    red = Painter(lambda ink, paper: (0 * ink, 0 * paper + 4))
    found, details = measured(real, red, monkeypatch, n=200)
    assert "word_order-ink-paper" not in found, "hardly any shows both colours"
    assert details["word_order-ink-paper"].startswith("not measured: fewer than 20")
    assert found["agreement-ink"].value == pytest.approx(1 / 7, abs=0.08)
    assert found["agreement-joint"].value == pytest.approx(1 / 42, abs=0.04)


def test_variety_is_that_of_one_caption(real, monkeypatch):
    values = [
        measured(real, Painter(noise=noise), monkeypatch)[0]["variety"].value
        for noise in (0.0, 10.0, 20.0)
    ]
    assert values[0] < 1e-9 < values[1]
    assert values[2] == pytest.approx(4 * values[1], rel=0.2)


def test_combinations_that_were_never_seen(real, monkeypatch):
    train = real.train
    ink, paper = (one.values for one in train.attributes.values())
    train = train.part(np.flatnonzero((ink + paper) % 3 > 0))
    found, details = measured(
        dataclasses.replace(real, train=train),
        Painter(lambda ink, paper: (np.where((ink + paper) % 3, ink, paper), paper)),
        monkeypatch,
    )
    assert found["agreement-joint"].value == 1.0
    assert found["agreement-joint-unseen"].value == 0.0
    assert found["agreement-joint-unseen"].floor == 1.0
    counts = [
        details[f"samples of agreement-{one}"] for one in ("joint", "joint-unseen")
    ]
    assert sum(counts) == 400 and min(counts) > 50


def test_without_held_out_images_the_judges_learn_from_the_others(real, monkeypatch):
    seen = []

    class Watched(Judge):
        def __init__(self, images, *args, **options):
            seen.append(len(images))

    alone = dataclasses.replace(real, held_out=None)
    monkeypatch.setattr(metrics, "fit_matcher", Watched)
    details, score = {}, lambda *args: metrics.Score(*args)
    monkeypatch.setattr(Watched, "captions", lambda self, ids: np.eye(len(ids), 49))
    agreement.scores(
        score, Painter(), alone, details, n=50, seed=0, log=lambda line: None
    )
    # A tenth of each digit, rounded down, is not among the 2,000.
    assert seen == [1804]
    assert details["agreement, asked for by"].startswith("196 training images")


def test_more_attributes_than_a_number_has_room_for(real, monkeypatch):
    """No number of theirs is needed, only whether two examples are alike."""
    options = tuple(map(str, range(10)))

    def wide(data):
        values = np.zeros(len(data), np.int32)
        return {f"a{i}": Attribute(options, values) for i in range(70)}

    asked = agreement.Asked(
        dataclasses.replace(real.held_out, attributes=wide(real.held_out)),
        tuple(f"a{i}" for i in range(70)),
        *[np.zeros((len(real.held_out), 70), np.int32)] * 4,
        real.held_out["real"],
    )
    train = dataclasses.replace(real.train, attributes=wide(real.train))
    own, known = agreement._combinations(asked, train)
    assert (len(own), len(known)) == (600, 2000) and {*own, *known} == {0}


def test_a_generator_that_knows_no_caption_is_refused(real, monkeypatch):
    source = evaluation.GameSource(games.build("stackgan"))
    with pytest.raises(UserError, match="knows the words of none of its captions"):
        CaptionSource(source, real.train)


def test_attributes_that_captions_do_not_tell(real):
    chance = np.random.default_rng(0).integers(0, 3, len(real.train))
    hidden = Attribute(("a", "b", "c"), chance.astype(np.int32))
    known = real.train.attributes | {"hidden": hidden}
    data = dataclasses.replace(real.train, attributes=known)
    assert [*readers.told(data, data)] == ["ink", "paper"]


COLOURS = "red", "green", "blue"


def haired(n, seed):
    """Heads with hair of three colours, or without: then the caption tells no colour.

    A bald head is grey, whatever colour it has in the table.
    """
    chance = np.random.default_rng(seed)
    colour, bald = chance.integers(0, 3, n).astype(np.int32), chance.random(n) < 0.25
    texts = [
        "a head without any hair" if none else f"a head with {COLOURS[c]} hair"
        for c, none in zip(colour, bald, strict=True)
    ]
    kind = Tokens.fitted(["a head without any with red green blue hair"])
    shades = np.where(bald[:, None], 128, np.eye(3)[colour] * 255)
    pixels = np.repeat(shades[:, None, None], 8, 1).repeat(8, 2).astype(np.uint8)
    columns = {"real": (pixels, Image()), "caption": (kind.encode(texts, 8), kind)}
    return arrays.one_group(
        "heads",
        columns,
        attributes={"hair_colour": Attribute(COLOURS, colour)},
        readers={"hair_colour": lambda x: x[:, 0, 0].argmax(1).astype(np.int32)},
    )


def test_an_attribute_counts_only_where_a_caption_tells_it(monkeypatch):
    train, held_out = haired(600, 0), haired(200, 1)
    bald = np.array(["without" in text for text in captions.texts(held_out)])
    told = readers.told(train, held_out)
    np.testing.assert_array_equal(told["hair_colour"], ~bald)

    class Obedient(Painter):
        def __init__(self):
            self.shape, self.noise = (8, 8, 3), 0
            self._texts = np.array(captions.texts(train))

        def knows(self, asked):
            return np.ones(len(asked), bool)

        def asked(self, asked, seed):
            words = [next((c for c in COLOURS if c in text), "red") for text in asked]
            shades = np.eye(3, dtype=np.uint8)[[COLOURS.index(c) for c in words]] * 255
            yield np.repeat(shades[:, None, None], 8, 1).repeat(8, 2), {}

    real = Reference("heads", train, held_out, PixelFeatures((4, 4)), None)
    monkeypatch.setattr(agreement, "takes", lambda sides: False)  # no matcher
    found, details = measured(real, Obedient(), monkeypatch)
    score = found["agreement-hair_colour"]
    assert score.value == 1.0 and score.floor == 1.0
    assert details["samples of agreement-hair_colour"] == (~bald).sum()


def test_captions_that_say_the_same_are_no_wrong_ones(monkeypatch):
    """Of two captions of bald heads, whose tables differ in the colour, neither is wrong."""
    train, held_out = haired(600, 0), haired(200, 1)
    real = Reference("heads", train, held_out, PixelFeatures((4, 4)), None)
    seen = []
    monkeypatch.setattr(agreement, "takes", lambda sides: True)

    class Blind(Judge):
        def images(self, images):
            return np.ones((len(images), 1), np.float32)

        captions = images

    monkeypatch.setattr(metrics, "fit_matcher", Blind)
    monkeypatch.setattr(
        metrics, "recall", lambda a, b, groups: seen.append(groups) or 1
    )
    said = readers.told(train, held_out)
    read = held_out.attributes["hair_colour"].values[:, None]
    asked = agreement.Asked(
        held_out,
        ("hair_colour",),
        read,
        np.stack([*said.values()], 1),
        read,
        read,
        held_out["real"],
    )
    agreement._recall(metrics.Score, held_out["real"], held_out, asked, real, {}, print)
    bald = np.array(["without" in text for text in captions.texts(held_out)])
    assert len({*seen[0][bald]}) == 1 and len({*seen[0]}) == 4


def test_a_game_with_captions_is_asked_for_those_of_the_data():
    data = coloured("train").part(slice(0, 64))
    game = games.build("gan-mlp")
    plain = evaluation.GameSource(game)
    assert captions.of_data(plain, data) is plain


@pytest.mark.slow
def test_an_export_is_asked_for_captions_one_by_one(tmp_path):
    game = games.build("stackgan")
    game.fields |= {"real": Field(inputs.SHAPE, "uint8", Image())}
    export_generator(game, tmp_path / "export")
    source = evaluation.SavedModelSource(tmp_path / "export", log=lambda line: None)
    kind = game.fields["caption"].kind
    ids = kind.encode(["a red one", "a two", "a two"], 3)
    data = arrays.one_group(
        "few",
        {
            "real": (np.zeros((3, *inputs.SHAPE), np.uint8), Image()),
            "caption": (ids, kind),
        },
    )
    asking = captions.of_data(source, data)
    assert asking.knows(["a red two", "a blue two"]).tolist() == [True, False]
    images = np.concatenate([i for i, _ in asking.asked(["a two", "a red one"], 5)])
    alone = tf.saved_model.load(str(tmp_path / "export"))
    key = np.random.SeedSequence([5, 1]).generate_state(1)[0] % 2**31
    second = alone.sample_caption(
        n=tf.constant(1),
        seed=tf.constant(int(key), tf.int32),
        caption=tf.constant("a red one"),
    )
    np.testing.assert_array_equal(images[1:], second["images"])
    assert len(np.concatenate([i for i, _ in asking.batches(7, 0)])) == 7


def test_classes_that_are_combinations(monkeypatch):
    """A conditional game is asked for the combinations of held-out examples."""
    wanted = {"condition": ("ink", "paper"), "image_size": 16, "log": lambda line: None}
    train = load("coloured_digits", **wanted).part(slice(0, 1500))
    held_out = load("coloured_digits", split="test", **wanted).part(slice(0, 300))
    real = Reference(
        "coloured",
        train,
        held_out,
        PixelFeatures((4, 4)),
        None,
        condition=("ink", "paper"),
    )

    class Conditional(evaluation.Source):
        takes_labels, shape = True, (16, 16, 3)

        def numbers(self, asked):
            return np.arange(len(asked))

        def batches(self, n, seed, labels=None):
            assert (np.diff(labels) >= 0).all()
            colours = np.array([*PALETTE.values()], np.uint8)
            images = np.repeat(colours[labels % 7][:, None, None], 16, 1).repeat(16, 2)
            images[:, 5:11, 5:11] = colours[labels // 7][:, None, None]
            yield images, {}

    found, _ = measured(real, Conditional(), monkeypatch)
    assert found["agreement-joint"].value == 1.0
    assert found["variety"].value < 1e-9 and "R@1 of 100" not in found
    assert evaluation.asked_picture(Conditional(), real).ndim == 3


def test_a_class_is_read_by_its_view_whatever_the_tint_of_a_picture(tmp_path):
    data = load("tinted_digits", image_size=16, log=lambda line: None)
    reader = readers.Reader(data, ["class", "tint"], cache=tmp_path, updates=60)
    assert reader.names == ("class", "tint")
    grey = load("digits", split="test", image_size=16, log=lambda line: None)
    strength = grey["real"][:100] / np.float32(255)
    found = [
        reader.read(np.round(strength * colour).astype(np.uint8))
        for colour in tinted.COLOURS
    ]
    for tint, read in enumerate(found):
        np.testing.assert_array_equal(read[:, 0], found[0][:, 0])
        assert (read[:, 1] == tint).all()
    assert (found[0][:, 0] == grey["label"][:100]).mean() > 0.5
