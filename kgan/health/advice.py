"""Advice: which fields of a configuration help against a trouble."""

from collections.abc import Callable
from typing import Any, NamedTuple

from kgan.health.verdicts import DIVERGED, EQUILIBRIUM, HEALTHY

REGULARISED = ("wgan_gp", "dragan", "r1", "r2")
FEW = 16  # numbers in z that hardly make for variety
LIGHT = 0.01  # weight of a penalty that hardly holds D back


class Remedy(NamedTuple):
    """A change of the configuration, and the condition under which it is advised.

    Attributes:
        change: config -> the fields to set, name -> value.
        fits: config -> whether it can be set, and is not set already.
    """

    change: Callable[..., Any]
    fits: Callable[..., Any]


def advise(verdict: str, config: dict[str, Any]) -> dict[str, Any]:
    """Returns the fields to set against a trouble, such as {"pack": 2}; {} for none.

    Args:
        verdict: its name.
        config: fields of the run's configuration, name -> plain value: a remedy
            sets no field that a variant does not have.
    """
    if verdict == HEALTHY:
        return {}
    if verdict == EQUILIBRIUM:
        return {"stop_at_equilibrium": True}  # of the run, not of its configuration
    for remedy in REMEDIES[verdict]:
        if not remedy.fits(config):
            continue
        change = {k: v for k, v in remedy.change(config).items() if config.get(k) != v}
        if change and config.keys() >= change.keys():
            return change
    return {}


def _set(fits=lambda config: True, **fields):
    return Remedy(lambda config: fields, fits)


def _scaled(factor, *fields):
    return Remedy(
        lambda config: {name: config[name] * factor for name in fields},
        lambda config: all(config.get(name) for name in fields),
    )


def _penalty(name):
    """A gradient penalty, which is taken for each image alone: not with batch norm."""

    def change(config):
        batch = config.get("discriminator_norm") == "batch" or (
            config.get("discriminator_norm") == "own"
            and config.get("network") in ("dcgan", "infogan", "fastgan")
        )
        norm = {"discriminator_norm": "layer"} if batch else {}
        if config.get("norm") == "batch":  # of a translation
            norm = {"norm": "instance"}
        return {"penalty": name} | norm

    return Remedy(change, lambda config: config.get("penalty") == "none")


def _lecam(config):
    """The penalty of LeCam, in addition to the one that there is."""
    penalty = config.get("penalty", "none")
    return {"penalty": "lecam" if penalty == "none" else f"{penalty}+lecam"}


def _logistic(config):
    return config.get("objective") in ("minimax", "nonsaturating", "least_squares")


def _can_pack(config):
    # InfoGAN's Q reads one image at a time, and so does a D that reads the class.
    alone = "categories" in config or config.get("label_weight")
    even = config.get("batch_size", 1) % 2 == 0
    return not alone and even and config.get("pack") == 1


SMOOTH = _set(
    lambda config: _logistic(config) and not config.get("label_smoothing"),
    label_smoothing=0.1,
)
NOISE = _set(lambda config: not config.get("instance_noise"), instance_noise=0.1)
AUGMENTED = Remedy(
    # Captions may name colours, which stay as they are.
    lambda config: {
        "augmentations": "translation+cutout"
        if "text_encoder" in config
        else "diffaugment"
    },
    lambda config: config.get("augmentations") == "none",
)
SLOWER_D = _scaled(0.5, "discriminator_rate")
NONSATURATING = _set(
    lambda config: config.get("objective") == "minimax", objective="nonsaturating"
)
REMEDIES = {
    DIVERGED: (_scaled(0.1, "discriminator_rate", "generator_rate"),),
    "generator gradient vanishing": (NONSATURATING, _penalty("r1"), NOISE, SLOWER_D),
    "mode collapse": (
        _set(lambda config: config.get("latent", FEW) < FEW, latent=100),
        _set(_can_pack, pack=2),
        _penalty("r1"),
        _scaled(0.5, "generator_rate"),
    ),
    "discriminator too strong": (
        NONSATURATING,
        _penalty("r1"),
        SMOOTH,
        NOISE,
        SLOWER_D,
    ),
    "discriminator too weak": (
        _scaled(10.0, "clip_weights"),
        Remedy(
            lambda config: {"penalty_weight": 0.1 * config["penalty_weight"]},
            lambda config: (
                config.get("penalty", "none") != "none"
                and config.get("penalty_weight", 0.0) >= LIGHT
            ),
        ),
        _scaled(3.0, "discriminator_rate"),
    ),
    "discriminator memorises": (
        AUGMENTED,
        _penalty("r1"),
        Remedy(_lecam, lambda config: "lecam" not in config.get("penalty", "lecam")),
        _set(lambda config: not config.get("jitter"), jitter=0.117),
        NOISE,
        SLOWER_D,
    ),
    "oscillating": (
        _set(
            lambda config: config.get("schedule") == "simultaneous",
            schedule="alternating",
        ),
        _penalty("r1"),
        _scaled(0.5, "discriminator_rate", "generator_rate"),
    ),
}
