"""Builders of the games that start from pictures: translations, edits and attacks."""

from kgan.models import (
    AdvGAN,
    AttGAN,
    CycleGAN,
    DiscoGAN,
    NextFrame,
    Pix2Pix,
    Translator,
)
from kgan.networks import attgan, dcgan, encoder, patch, perturbing, unet
from kgan.objectives import LeastSquares, Wasserstein
from kgan.penalties import GradientDifference
from tests.conformance.inputs import ATTRIBUTES, CLASSES, SHAPE


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
