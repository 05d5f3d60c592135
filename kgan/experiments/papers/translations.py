"""What the tables of translations share: their games, and what is asked of them."""

import dataclasses

import numpy as np
import tensorflow as tf

from kgan import metrics
from kgan.applications import sampling
from kgan.experiments.papers import runs, strips
from kgan.models import Pix2Pix, translators
from kgan.models.translator import to_numbers
from kgan.networks import patch, unet
from kgan.optimizers import Adam
from kgan.schedules import LinearDecay


def adam(rate):
    return Adam(rate, 0.5)


def optimizers(config, make=adam):
    """D's and G's optimizer, whose rates fall to 0 in the last part of the run.

    Args:
        make: rate -> optimizer.
    """
    return [make(LinearDecay(*rate, config.decay)) for rate in config.rates]


def pix2pix(adversarial_weight):
    """A builder of the game that pairs teach; with weight 0 by the distance alone."""

    def of(config, shape, classes):
        source = (*shape[:2], config.source_channels)
        pair = (*shape[:2], source[-1] + shape[-1])
        # Patches of half a side: 16 of 32 pixels, 34 of 64.
        depth = 1 if shape[0] < 64 else 2
        game = Pix2Pix(
            unet.generator(source, shape[-1], width=config.width),
            patch.discriminator(pair, depth=depth, width=config.width),
            adversarial_weight=adversarial_weight,
            seed=config.seed,
        )
        game.compile(*optimizers(config))
        return game

    return of


def two_sided(kind, config, shape, generator, discriminator, make=adam, **settings):
    """A compiled game of class `kind`, a `CycleGAN`, between X and Y.

    Args:
        generator, discriminator: as `translators` takes them.
        make: of `optimizers`.
        settings: of `Translator`, under "part", and of `kind`.
    """
    y, x = shape, (*shape[:2], config.source_channels)
    part = settings.pop("part", {})
    parts = translators(x, y, generator, discriminator, **part)
    steps = {"max_steps": config.discriminator_steps}
    steps |= {"min_steps": config.generator_steps}
    game = kind(*parts, **settings, **steps, seed=config.seed)
    game.compile(*optimizers(config, make))
    return game


def translated(translator, pixels):
    """uint8 images of the target domain for `pixels`, uint8 (n, H, W, C)."""
    given = tf.TensorSpec((None, *pixels.shape[1:]), tf.uint8)
    draw = tf.function(
        lambda images: translator.images({"source": to_numbers(images)}),
        input_signature=[given],
    )
    starts = range(0, len(pixels), sampling.AT_ONCE)
    return np.concatenate(
        [draw(pixels[i : i + sampling.AT_ONCE]).numpy() for i in starts]
    )


def few(domains, count):
    """`domains` with the first `count` images of each, or all."""
    source, target = domains.source[:count], domains.target[:count]
    return dataclasses.replace(domains, source=source, target=target)


def from_pairs(name, weight, config, domains, test, folder, log):
    """What a game that `domains` taught makes of held-out images.

    Args:
        name: of the table.
        weight: of `pix2pix`.
        test: (source, target), uint8 (n, H, W, C) each.
        folder: receives the run, and some images for the table's picture.

    Returns: uint8 images like the target's.
    """
    game = runs.trained(name, pix2pix(weight), config, folder, log, domains)
    source, target = test
    made = translated(game, source)
    strips.keep(folder, source=source, made=made, target=target)
    return made


def report(made, target):
    """`metrics.paired_report` in the units of the tables: L1 in percent."""
    found = metrics.paired_report(made, target)
    return found | {"L1": 100 * found["L1"]}
