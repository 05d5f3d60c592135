"""The games and measurements that the tables of translations share."""

import numpy as np
import tensorflow as tf

from kgan import metrics
from kgan.applications import sampling
from kgan.experiments.papers import runs, strips
from kgan.models import Pix2Pix, translators
from kgan.networks import patch, unet
from kgan.optimizers import Adam
from kgan.schedules import Schedule


def adam(rate):
    """Returns Adam with beta_1 = 0.5."""
    return Adam(rate, 0.5)


def optimizers(config, make=adam):
    """The optimizers of both sides, whose rates fall to 0 in the last part of the run.

    Args:
        config: of the run, resolved.
        make: rate -> optimizer.
    """
    decay = {"steps": config.iterations, "share": config.decay}
    return {
        "max_optimizer": make(Schedule(config.discriminator_rate, **decay)),
        "min_optimizer": make(Schedule(config.generator_rate, **decay)),
    }


def pix2pix(adversarial_weight):
    """Returns a builder of pix2pix; with weight 0 only the distance teaches it."""

    def of(config, spec):
        source, shape = spec["source"].shape, spec.shape
        pair = (*shape[:2], source[-1] + shape[-1])
        # Patches of half a side: 16 of 32 pixels, 34 of 64.
        depth = 1 if shape[0] < 64 else 2
        game = Pix2Pix(
            unet.generator(source, shape[-1], width=config.width),
            patch.discriminator(pair, depth=depth, width=config.width),
            adversarial_weight=adversarial_weight,
            seed=config.seed,
        )
        game.compile(**optimizers(config))
        return game

    return of


def two_sided(kind, config, spec, generator, discriminator, make=adam, **settings):
    """A compiled game of class `kind`, a `CycleGAN`, between X and Y.

    Args:
        kind: the class of the game.
        config: of the run, resolved.
        spec: the `kgan.data.Spec` of both domains.
        generator: as `translators` takes it.
        discriminator: as `translators` takes it.
        make: of `optimizers`.
        settings: of `Translator`, under "part", and of `kind`.
    """
    y, x = spec.shape, spec["source"].shape
    part = settings.pop("part", {})
    parts = translators(x, y, generator, discriminator, **part)
    steps = {"max_steps": config.discriminator_steps}
    steps |= {"min_steps": config.generator_steps}
    game = kind(*parts, **settings, **steps, seed=config.seed)
    game.compile(**optimizers(config, make))
    return game


def translated(translator, pixels):
    """Returns the translations of `pixels`, uint8 (n, H, W, C), as uint8 images."""
    given = tf.TensorSpec((None, *pixels.shape[1:]), tf.uint8)
    draw = tf.function(translator.translated, input_signature=[given])
    starts = range(0, len(pixels), sampling.BATCH)
    return np.concatenate(
        [draw(pixels[i : i + sampling.BATCH]).numpy() for i in starts]
    )


def few(domains, count):
    """Returns `domains` with the first `count` images of each, or all."""
    return domains.part(slice(count))


def from_pairs(name, weight, config, domains, test, folder, log):
    """Trains a game on `domains`, and returns its translations of held-out images.

    Args:
        name: of the table.
        weight: of `pix2pix`.
        config: of the run.
        domains: a `kgan.data.Dataset` of pairs.
        test: (source, target), uint8 (n, H, W, C) each.
        folder: receives the run, and some images for the table's picture.
        log: called with each line of the run.

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
