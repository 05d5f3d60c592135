"""Every game once, as small as it can be; a new game adds a row.

Two kinds of build: as it is played, with Adam, batch norm and dropout; or
`plain`, for the properties that compare two runs. Plain games have no layer
that mixes or drops examples, and move with SGD: Adam would hide a gradient
that is wrong by a factor.
"""

from unittest import mock

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from kgan.augmentations import Adaptive, DiffAugment, InstanceNoise, RandomTransforms
from kgan.data import Field
from kgan.data.kinds import Frames, Lines, Roll, Tokens
from kgan.game import Game
from kgan.models import (
    CGAN,
    GAN,
    AdvGAN,
    AttGAN,
    Crypto,
    CycleGAN,
    DiscoGAN,
    InfoGAN,
    MoCoGAN,
    MusicGAN,
    NextFrame,
    Pix2Pix,
    StackGAN,
    Text,
    Translator,
)
from kgan.networks import (
    attgan,
    blocks,
    crypto,
    dcgan,
    dfgan,
    encoder,
    infogan,
    mlp,
    mocogan,
    patch,
    perturbing,
    r3gan,
    rolls,
    stackgan,
    text,
    unet,
)
from kgan.networks import words as captions
from kgan.objectives import Hinge, LeastSquares, Relativistic, Wasserstein
from kgan.penalties import R1, R2, WGANGP, GradientDifference, LeCam
from kgan.schedules import HalfLife, Schedule
from kgan.training import strategies

SHAPE, LATENT, CLASSES, BATCH = (8, 8, 1), 9, 3, 8
CODE = {"categories": (3,), "continuous": 2}
HEADS = {"category_0": 3, "continuous": 2}
CAPTIONS = ("a red one", "a two")
TEXT = captions.Text(3, 6, condition=4)
LINES = Lines(("", "a", "b"))
LENGTH = 3
BITS = 4
ATTRIBUTES = {"mouth": ("smile", "smirk"), "hair": ("none", "red", "grey")}
CLIP = Field((4, *SHAPE), "uint8", Frames())
ROLL = Field((8, 2), "uint8", Roll((60, 40), 20))


@keras.saving.register_keras_serializable("test")
class Product(Game):
    """V = x y, times the mean of the data: the smallest game that circles."""

    tracked = ("max/product", "min/product")

    def __init__(self, x, y, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = x, y

    def max_players(self):
        return [self.y]

    def min_players(self):
        return [self.x]

    def forward(self, batch, generated=None):
        one = ops.ones((ops.shape(batch["real"])[0], 1))
        share = ops.mean(batch["real"], axis=(1, 2, 3))
        product = ops.cast(self.x(one) * self.y(one), "float32")
        return share * ops.reshape(product, (-1,))

    def max_terms(self, played):
        return {"product": -played}

    def min_terms(self, played):
        return {"product": played}

    def get_config(self):
        players = {"x": self.x, "y": self.y}
        return super().get_config() | keras.saving.serialize_keras_object(players)


def _player():
    return keras.Sequential(
        [keras.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="ones")]
    )


def _product(plain, kind=lambda game: game):
    return Product(_player(), _player())


def _images(game, network, width, classes=0, heads=None, rules=None):
    """A builder of a game of `network`s."""

    def build(plain, kind=lambda game: game):
        given = {"width": width, "classes": classes}
        extra = {"dropout": 0.0} if plain and network is mlp else {}
        norm = "none" if plain else network.NORM
        changed = (lambda x, kind: x) if plain else blocks.normalise
        with mock.patch.object(dcgan, "normalise", changed):
            return kind(game)(
                network.generator(LATENT, SHAPE, **given),
                network.discriminator(SHAPE, norm=norm, heads=heads, **given, **extra),
                **(rules(plain) if callable(rules) else rules or {}),
            )

    return build


def _r3gan_rules(plain):
    gamma = Schedule(1.0, 0.1, 4, shape="cosine")
    return {
        "classes": CLASSES,
        "objective": Relativistic(),
        "penalties": [R1(gamma), R2(gamma)],
        "ema": HalfLife(Schedule(0.0, 20.0, 4, shape="cosine"), BATCH),
    }


def _augmented_rules(plain):
    # What changes images at random cannot be compared between replicas; Adaptive begins
    # with a probability of 0.
    change = [] if plain else [DiffAugment(), RandomTransforms(Schedule(0.0, 0.5, 4))]
    start = 0.0 if plain else 0.5
    return {
        "penalties": [LeCam(warm=1)],
        "augmentations": [*change, Adaptive(images=50, interval=4, start=start)],
    }


def _captioned(network, rules=None):
    """A builder of a game of pictures and captions."""

    def build(plain, kind=lambda game: game):
        norm = "none" if plain or network is dfgan else "batch"
        changed = (lambda x, kind: x) if plain else blocks.normalise
        with mock.patch.object(stackgan, "normalise", changed):
            game = kind(StackGAN)(
                network.generator(LATENT - TEXT.condition, SHAPE, TEXT, width=2),
                network.discriminator(SHAPE, TEXT.condition, width=2, norm=norm),
                **(rules or {}),
            )
        game.fields = {"caption": Field((3,), "int32", Tokens.fitted(CAPTIONS))}
        return game

    return build


def _text(plain, kind=lambda game: game):
    sizes = LENGTH, len(LINES.symbols)
    learns = {} if plain else {"estimator": "score", "warm_up": 1}
    game = kind(Text)(
        text.writer(*sizes, width=4),
        text.discriminator(*sizes, width=4),
        temperature=Schedule(2.0, 1.0, 4),
        likelihood_weight=0.5,
        **learns,
    )
    game.fields = {"real": Field((LENGTH,), "int32", LINES)}
    return game


def _crypto(plain, kind=lambda game: game):
    channel = {} if plain else {"noise": 0.1, "rounding": True}
    players = {one: getattr(crypto, one)(BITS) for one in ("alice", "bob", "eve")}
    return Crypto(**players, **channel)


def _pix2pix(plain, kind=lambda game: game):
    drop = {"dropout": 0.0} if plain else {}
    return kind(Pix2Pix)(
        unet.generator(SHAPE, 1, width=2, **drop),
        patch.discriminator((*SHAPE[:2], 2), depth=1, width=2),
    )


def _attgan(plain, kind=lambda game: game):
    sizes = tuple(map(len, ATTRIBUTES.values()))
    norm = "none" if plain else "batch"
    return kind(AttGAN)(
        attgan.generator(SHAPE, sizes, width=2, norm=norm),
        attgan.discriminator(SHAPE, sizes, width=2),
        attributes=ATTRIBUTES,
        edit_weight=1.0,
        reconstruction_weight=1.0,
        mask_weight=1.0,
        ema=0.9,
    )


def _advgan(plain, kind=lambda game: game):
    network = unet.generator(SHAPE, 1, width=2, norm="none", dropout=0.0)
    return kind(AdvGAN)(
        perturbing.bounded(network, 0.3),
        patch.discriminator(SHAPE, depth=1, width=2),
        classifier=encoder.classifier(SHAPE, CLASSES, width=2),
        free=0.01,
    )


def _next_frame(plain, kind=lambda game: game):
    return kind(NextFrame)(
        unet.generator(SHAPE, 1, width=2, norm="none", dropout=0.0),
        patch.discriminator((*SHAPE[:2], 2), depth=1, width=2),
        generator_penalties=[GradientDifference()],
        l1_weight=1.0,
    )


class OfABatch:
    """Learns from what a batch holds next to its images under the name `own`."""

    def as_inputs(self, data):
        return data

    def update(self, sides, batch, *generated):
        given = {k: batch[k] for k in ("z", "motion")}
        given["real"] = self.kind.to_network(batch[self.own])
        return super().update(sides, given, *generated)


@keras.saving.register_keras_serializable("test")
class ClipsOfABatch(OfABatch, MoCoGAN):
    """MoCoGAN on the clips of a batch."""

    own, kind = "clip", CLIP.kind


def _mocogan(plain, kind=lambda game: game):
    changed = (lambda x, kind: x) if plain else blocks.normalise
    with mock.patch.object(dcgan, "normalise", changed):
        game = kind(ClipsOfABatch)(
            mocogan.generator(LATENT, 2, CLIP.shape, width=2),
            mocogan.discriminator(CLIP.shape, width=2, norm="none"),
        )
    game.fields = {"real": CLIP}
    return game


@keras.saving.register_keras_serializable("test")
class MusicOfABatch(OfABatch, MusicGAN):
    """The GAN of music on the rolls of a batch."""

    own, kind = "roll", ROLL.kind


def _music(plain, kind=lambda game: game):
    changed = (lambda x, kind: x) if plain else blocks.normalise
    shape = (*ROLL.shape, ROLL.kind.width)
    with mock.patch.object(rolls, "normalise", changed):
        game = kind(MusicOfABatch)(
            rolls.generator(LATENT, shape, width=4),
            rolls.discriminator(shape, width=4),
            relaxation="softmax" if plain else "gumbel",
        )
    game.fields = {"real": ROLL}
    return game


def _two_sided(game, generator, discriminator, rules=None, **settings):
    """A builder of a game of two translators."""

    def build(plain, kind=lambda game: game):
        parts = [
            Translator(
                generator(plain, f"G_{x}"), discriminator(plain, f"D_{x}"), **settings
            )
            for x in "yx"
        ]
        return game(*parts, **(rules or {}))

    return build


def _unet(plain, name, skips=True):
    dropout = 0.0 if plain or not skips else 0.5
    norm = "instance" if plain or skips else "batch"
    return unet.generator(
        SHAPE, 1, width=2, skips=skips, norm=norm, dropout=dropout, name=name
    )


def _patch(plain, name):
    return patch.discriminator(SHAPE, depth=1, width=2, name=name)


def _features(plain, name):
    norm = "none" if plain else "batch"
    return dcgan.discriminator(SHAPE, width=2, norm=norm, features=True, name=name)


TRANSLATIONS = {
    "pix2pix": _pix2pix,
    "advgan": _advgan,
    "next_frame": _next_frame,
    "attgan": _attgan,
    "cyclegan": _two_sided(
        CycleGAN,
        _unet,
        _patch,
        {"cycle_weight": 1.0, "identity_weight": 0.5},
        objective=LeastSquares(),
        pool=12,  # is full in the second step
    ),
    "discogan": _two_sided(
        DiscoGAN, lambda plain, name: _unet(plain, name, False), _features
    ),
    "dualgan": _two_sided(
        CycleGAN,
        _unet,
        _patch,
        {"cycle_weight": 1.0},
        objective=Wasserstein(),
        clip_weights=0.01,
        ema=0.9,
    ),
}
GAMES = TRANSLATIONS | {
    "product": _product,
    "crypto": _crypto,
    "text": _text,
    "gan-mlp": _images(GAN, mlp, 8),
    "gan-dcgan": _images(GAN, dcgan, 4),
    "cgan-mlp": _images(CGAN, mlp, 8, CLASSES, rules={"classes": CLASSES}),
    "cgan-dcgan": _images(CGAN, dcgan, 4, CLASSES, rules={"classes": CLASSES}),
    "augmented": _images(GAN, mlp, 8, rules=_augmented_rules),
    "infogan": _images(InfoGAN, infogan, 4, heads=HEADS, rules=CODE),
    "stackgan": _captioned(stackgan),
    "dfgan": _captioned(dfgan, {"objective": Hinge(), "ema": 0.9}),
    "mocogan": _mocogan,
    "music": _music,
    "r3gan": _images(CGAN, r3gan, 4, CLASSES, rules=_r3gan_rules),
}


def synchronised(game):
    """`game`, whose batch norm takes its statistics from the parts of all replicas."""
    strategies.synchronise(game, True)
    return game


# Games of several rounds of data per iteration, or whose D draws numbers while it scores:
# what their replicas do is asked of them alone.
OF_REPLICAS = {
    "batch norm": lambda plain, kind: synchronised(_images(GAN, dcgan, 4)(False, kind)),
    # Replicas meet in batch norm, which they cannot do in a branch of a graph.
    "mode seeking now and then": lambda plain, kind: synchronised(
        _captioned(stackgan, {"diversity_weight": 0.1, "diversity_interval": 2})(
            False, kind
        )
    ),
    "five ascents": _images(
        GAN,
        mlp,
        8,
        rules={
            "objective": Wasserstein(),
            "penalties": [WGANGP(10.0)],
            "max_steps": 5,
        },
    ),
    "two descents": _images(GAN, mlp, 8, rules={"min_steps": 2}),
    "dropout and noise": lambda plain, kind: _images(
        GAN,
        mlp,
        8,
        rules={
            "augmentations": [DiffAugment(), InstanceNoise(0.2)],
        },
    )(False, kind),
}
# The last bias of a Wasserstein critic, or of a hinge one whose scores are small, is the
# same for real and fake: nothing but rounding moves it. What lies in R3GAN's six blocks before their
# last kernel, which is zero, has no gradient yet.
STILL = {"dualgan": 2, "dfgan": 2, "r3gan": 6 * 4, "stackgan": 1}
# Games with a penalty on D's gradient, which is refused in float16; their smallest images
# stay in float32.
PENALISED = {"r3gan": 2}
# Heights from which on convolutions compute in half precision.
SMALLEST = PENALISED | {"stackgan": 1, "dfgan": 1}
NO_XLA_ON_A_CPU = ("r3gan",)  # its grouped convolutions are tested with it alone
# Layers behind a scale that begins as 0 move from the second step on.
STEPS_TO_MOVE = {"dfgan": 2}
NO_SAMPLES = ("product", "crypto")
IMAGES = [name for name in GAMES if name not in (*NO_SAMPLES, *TRANSLATIONS)]
# What takes minutes altogether is left to the slow run: of the two-sided games, and of
# those with the largest networks, what is compiled; of the largest of all, and of the kin
# of CycleGAN, all but a step.
LONG = (
    *("attgan", "discogan", "dualgan", "dfgan", "stackgan"),
    *("cyclegan", "r3gan", "mocogan", "augmented"),
)
LONG_COMPILED = (
    *("advgan", "pix2pix", "next_frame", "music", "text"),
    *LONG,
)
LONG_REPLICAS = ("mode seeking now and then",)
MAKES = {
    "next_frame": "clips",
    "mocogan": "clips",
    "music": "rolls",
    "text": "lines",
}  # apart from images
EXPORTED = [name for name in GAMES if name not in NO_SAMPLES]


def build(name, plain=False, kind=lambda game: game, seed=0, **settings):
    """The compiled game `name`; the same weights for equal seeds.

    Args:
        kind: makes the class that is built from the game's own.
        settings: for `compile`.
    """
    keras.utils.set_random_seed(seed)
    game = (GAMES | OF_REPLICAS)[name](plain, kind)
    make = keras.optimizers.SGD if plain else keras.optimizers.Adam
    game.compile(max_optimizer=make(0.05), min_optimizer=make(0.05), **settings)
    return game


def given_latents(kind):
    """`kind` with G's input taken from the batch: the same however it is split."""

    class Given(kind):
        def sample_latents(self, batch):
            return {name: batch[name] for name in self.generator.input}

    return Given


def batch(step=0, size=BATCH, name=""):
    """The data of a step of the game `name`; of those of pictures, the same for all."""
    return OF_OTHER_DATA.get(name, _pictures)(np.random.default_rng(step), size)


def _pictures(random, size):
    """Images of two domains, labels, latents for `given_latents`."""
    code = np.eye(CODE["categories"][0])[random.integers(3, size=size)]
    z = [random.normal(size=(size, 4)), code, random.uniform(-1, 1, (size, 2))]
    return {
        "real": tf.constant(random.uniform(-1, 1, (size, *SHAPE)), "float32"),
        "label": tf.constant(random.integers(CLASSES, size=size), "int32"),
        "z": tf.constant(np.concatenate(z, 1), "float32"),
        "source": tf.constant(random.uniform(-1, 1, (size, *SHAPE)), "float32"),
        "attributes": tf.constant(random.integers((2, 3), size=(size, 2)), "int32"),
        "caption": tf.constant(random.integers(1, 6, (size, 3)), "int32"),
        "clip": tf.constant(random.integers(0, 256, (size, *CLIP.shape)), "uint8"),
        "motion": tf.constant(random.normal(size=(size, 4, 2)), "float32"),
        "roll": tf.constant(random.integers((60, 40), (80, 60), (size, 8, 2)), "uint8"),
    }


def _messages(random, size):
    """Messages and keys."""
    drawn = random.integers(0, 2, (2, size, BITS)) * 2.0 - 1.0
    return dict(zip(("real", "key"), tf.constant(drawn, "float32"), strict=True))


def _lines(random, size):
    """Lines as they are stored, and noise for `given_latents`."""
    noise = random.gumbel(size=(size, LENGTH, len(LINES.symbols)))
    return {
        "real": tf.constant(random.integers(3, size=(size, LENGTH)), "int32"),
        "z": tf.constant(noise, "float32"),
    }


OF_OTHER_DATA = {"crypto": _messages, "text": _lines}


def batches(steps, name="", rounds=1):
    """A data set of that many steps of the game `name`, of some rounds each."""
    rows = [batch(step, BATCH * rounds, name) for step in range(steps)]
    parts = {key: tf.stack([row[key] for row in rows]) for key in rows[0]}
    return tf.data.Dataset.from_tensor_slices(parts)


def weights(game):
    """All that both players are, as arrays."""
    players = [*game.max_players(), *game.min_players()]
    return [w for player in players for w in player.get_weights()]


def played(name, strategy, **settings):
    """A plain game's weights and losses after three steps.

    Args: `settings`, for `compile`.
    """
    with strategy.scope():
        game = build(name, plain=True, **settings)
    logs = game.fit(batches(3, name, game.rounds), verbose=0).history
    return weights(game), {key: values[-1] for key, values in logs.items()}


def trainable(players):
    return [w.numpy() for player in players for w in player.trainable_variables]


def plain_losses(logs):
    return {name: float(value) for name, value in logs.items()}
