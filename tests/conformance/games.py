"""Every game once, as small as it can be; a new game adds a row.

Two kinds of build: as it is played, with Adam, batch norm and dropout; or
`plain`, for the properties that compare two runs. Plain games have no layer
that mixes or drops examples, and move with SGD: Adam would hide a gradient
that is wrong by a factor.
"""

import keras

from kgan.augmentations import DiffAugment, InstanceNoise
from kgan.models import CGAN, GAN, InfoGAN
from kgan.networks import dcgan, dfgan, fastgan, infogan, mlp, r3gan, stackgan
from kgan.networks.blocks import attribute_heads
from kgan.networks.slicing import sliced
from kgan.objectives import Hinge, Wasserstein
from kgan.penalties import DRAGAN, WGANGP, R1Approximate, R2Approximate
from kgan.training import strategies
from tests.conformance.builders import (
    augmented_rules,
    captioned_game,
    crypto_game,
    image_game,
    mocogan_game,
    music_game,
    product_game,
    r3gan_rules,
    text_game,
    written_music_game,
)
from tests.conformance.inputs import CLASSES, CODE, HEADS, batches
from tests.conformance.translations import TRANSLATIONS

GAMES = TRANSLATIONS | {
    "product": product_game,
    "crypto": crypto_game,
    "text": text_game,
    "gan-mlp": image_game(GAN, mlp, 8),
    "gan-dcgan": image_game(GAN, dcgan, 4),
    "cgan-mlp": image_game(CGAN, mlp, 8, CLASSES, rules={"classes": CLASSES}),
    "cgan-dcgan": image_game(CGAN, dcgan, 4, CLASSES, rules={"classes": CLASSES}),
    "cgan-reading": image_game(
        CGAN,
        mlp,
        8,
        CLASSES,
        heads=attribute_heads((CLASSES,)),
        rules={"classes": CLASSES, "label_weight": 1.0},
    ),
    "augmented": image_game(GAN, mlp, 8, rules=augmented_rules),
    "fastgan": image_game(GAN, fastgan, 4),
    "sliced": image_game(
        GAN,
        dcgan,
        4,
        rules={"penalties": [R1Approximate(1.0), R2Approximate(1.0)]},
        norm="layer",
        critic=sliced,
    ),
    "infogan": image_game(InfoGAN, infogan, 4, heads=HEADS, rules=CODE),
    "stackgan": captioned_game(stackgan),
    "dfgan": captioned_game(dfgan, {"objective": Hinge(), "ema": 0.9}),
    "mocogan": mocogan_game,
    "music": music_game,
    "written_music": written_music_game,
    "r3gan": image_game(CGAN, r3gan, 4, CLASSES, rules=r3gan_rules),
}


def synchronised(game):
    """`game`, whose batch norm takes its statistics from the parts of all replicas."""
    strategies.synchronise(game, True)
    return game


# Games of several rounds of data per iteration, or whose D draws numbers while it scores:
# what their replicas do is asked of them alone.
OF_REPLICAS = {
    "batch norm": lambda plain, kind: synchronised(
        image_game(GAN, dcgan, 4)(False, kind)
    ),
    # Replicas meet in batch norm, which they cannot do in a branch of a graph.
    "mode seeking now and then": lambda plain, kind: synchronised(
        captioned_game(stackgan, {"diversity_weight": 0.1, "diversity_interval": 2})(
            False, kind
        )
    ),
    "five ascents": image_game(
        GAN,
        mlp,
        8,
        rules={
            "objective": Wasserstein(),
            "penalties": [WGANGP(10.0)],
            "max_steps": 5,
        },
    ),
    # Its deviation is of the whole batch, for which replicas wait.
    "dragan now and then": image_game(
        GAN, mlp, 8, rules={"penalties": [DRAGAN(interval=2)]}
    ),
    "two descents": image_game(GAN, mlp, 8, rules={"min_steps": 2}),
    "dropout and noise": lambda plain, kind: image_game(
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
# Half precisions that a game refuses, with what it says.
REFUSED = {
    ("r3gan", "mixed_float16"): "not loss-scaled.*mixed_bfloat16",
    ("sliced", "mixed_float16"): "lost to rounding",
    ("sliced", "mixed_bfloat16"): "lost to rounding",
}
# Heights from which on convolutions compute in half precision.
SMALLEST = {"r3gan": 2, "stackgan": 1, "dfgan": 1}
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
    *("advgan", "pix2pix", "next_frame", "music", "written_music", "text", "fastgan"),
    *LONG,
)
LONG_REPLICAS = ("mode seeking now and then",)
MAKES = {
    "next_frame": "clips",
    "mocogan": "clips",
    "music": "rolls",
    "written_music": "rolls",
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
