"""Builders of the games that draw from noise, and of those without pictures."""

from unittest import mock

import keras
from keras import layers, ops

from kgan.augmentations import Adaptive, DiffAugment, RandomTransforms
from kgan.data import Field
from kgan.data.kinds import Tokens
from kgan.game import Game
from kgan.models import Crypto, MoCoGAN, MusicGAN, StackGAN, Text, WrittenMusic
from kgan.networks import (
    blocks,
    crypto,
    dcgan,
    dfgan,
    fastgan,
    mlp,
    mocogan,
    rolls,
    stackgan,
    text,
)
from kgan.networks import words as captions
from kgan.objectives import Relativistic
from kgan.penalties import R1, R2, LeCam
from kgan.schedules import HalfLife, Schedule
from tests.conformance.inputs import (
    BATCH,
    BITS,
    CAPTIONS,
    CLASSES,
    CLIP,
    LATENT,
    LENGTH,
    LINES,
    ROLL,
    SHAPE,
)

TEXT = captions.Text(3, 6, condition=4)


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


def product_game(plain, kind=lambda game: game):
    return Product(_player(), _player())


def image_game(
    game, network, width, classes=0, heads=None, rules=None, norm=None, critic=None
):
    """A builder of a game of `network`s; `critic` makes D of a network's discriminator."""

    def build(plain, kind=lambda game: game):
        given = {"width": width, "classes": classes}
        extra = {"dropout": 0.0} if plain and network is mlp else {}
        own = "none" if plain else norm or network.NORM
        changed = (lambda x, kind: x) if plain else blocks.normalise
        where = fastgan if network is fastgan else dcgan
        with mock.patch.object(where, "normalise", changed):
            made = network.discriminator(SHAPE, norm=own, heads=heads, **given, **extra)
            return kind(game)(
                network.generator(LATENT, SHAPE, **given),
                critic(made) if critic else made,
                **(rules(plain) if callable(rules) else rules or {}),
            )

    return build


def r3gan_rules(plain):
    gamma = Schedule(1.0, 0.1, 4, shape="cosine")
    return {
        "classes": CLASSES,
        "objective": Relativistic(),
        "penalties": [R1(gamma), R2(gamma)],
        "ema": HalfLife(Schedule(0.0, 20.0, 4, shape="cosine"), BATCH),
    }


def augmented_rules(plain):
    # What changes images at random cannot be compared between replicas; Adaptive begins
    # with a probability of 0.
    change = [] if plain else [DiffAugment(), RandomTransforms(Schedule(0.0, 0.5, 4))]
    start = 0.0 if plain else 0.5
    return {
        "penalties": [LeCam(warm=1)],
        "augmentations": [*change, Adaptive(images=50, interval=4, start=start)],
    }


def captioned_game(network, rules=None):
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


def text_game(plain, kind=lambda game: game):
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


def crypto_game(plain, kind=lambda game: game):
    channel = {} if plain else {"noise": 0.1, "rounding": True}
    players = {one: getattr(crypto, one)(BITS) for one in ("alice", "bob", "eve")}
    return Crypto(**players, **channel)


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


def mocogan_game(plain, kind=lambda game: game):
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


def music_game(plain, kind=lambda game: game):
    changed = (lambda x, kind: x) if plain else blocks.normalise
    shape = (*ROLL.shape, ROLL.kind.width)
    with mock.patch.object(rolls, "normalise", changed):
        game = kind(MusicOfABatch)(
            rolls.generator(LATENT, shape, width=4),
            rolls.discriminator(shape, width=4),
        )
    game.fields = {"real": ROLL}
    return game


def written_music_game(plain, kind=lambda game: game):
    shape = (*ROLL.shape, ROLL.kind.width)
    game = kind(WrittenMusic)(
        rolls.writer(shape, width=4),
        rolls.discriminator(shape, width=4),
        temperature=Schedule(2.0, 1.0, 4),
        likelihood_weight=0.5,
        warm_up=0 if plain else 1,
    )
    game.fields = {"real": ROLL}
    return game
