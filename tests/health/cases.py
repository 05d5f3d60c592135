"""Ways to train of which it is known what ails them."""

import dataclasses

from kgan.health import HEALTHY


@dataclasses.dataclass(frozen=True)
class Case:
    """A way to train, and what is to be said of it.

    Attributes:
        name: of the case, for its folder.
        variant: of the game; "" for one of `tests.health.planes`.
        fields: of the configuration.
        label: the verdict that is right.
        data: a data set, or a mixture of `tests.health.planes`.
        few: how many images of the data set are learned from; 0 is all.
        poison: the step at which a NaN is put into G; 0 is never.
    """

    name: str
    variant: str
    fields: dict
    label: str = HEALTHY
    data: str = "digits"
    few: int = 0
    poison: int = 0


SMALL = {"width": 64, "updates": 3200}  # gan's nets, in a third of the time
SHORT = {"width": 16, "updates": 3200}
LITTLE = {"image_size": 16, "width": 8, "updates": 1000}  # two domains
PLANE = {  # as the reproductions' rings and grids
    "objective": "nonsaturating",
    "momentum": 0.5,
    "discriminator_rate": 1e-3,
    "generator_rate": 1e-3,
    "generator_steps": 1,
    "updates": 5000,
}
# G goes to where D's answer is best before D can answer: all samples go there.
RUSHING = PLANE | {"generator_steps": 20, "momentum": 0.9, "updates": 4000}
VANISHING, STRONG = "generator gradient vanishing", "discriminator too strong"
COLLAPSE, MEMORISES = "mode collapse", "discriminator memorises"
DIVERGED, WEAK = "diverged", "discriminator too weak"
CRITIC = {"objective": "wasserstein", "penalty": "wgan_gp", "discriminator_steps": 3}
RELATIVISTIC = {"objective": "relativistic", "penalty": "r1+r2", "penalty_weight": 1.0}

CASES = (
    Case("gan", "gan", SMALL),
    Case("dcgan", "dcgan", SHORT),
    Case("cgan", "cgan", SHORT),
    Case("infogan", "infogan", SHORT),
    Case("gan-wgan-gp", "gan", SMALL | CRITIC | {"updates": 1500}),
    Case("gan-least-squares", "gan", SMALL | {"objective": "least_squares"}),
    Case("dcgan-hinge", "dcgan", SHORT | {"objective": "hinge"}),
    Case("gan-relativistic", "gan", SMALL | RELATIVISTIC),
    Case("pix2pix", "pix2pix", LITTLE),
    Case("cyclegan", "cyclegan", LITTLE),
    Case("discogan", "discogan", LITTLE | {"width": 16}),
    Case("dualgan", "dualgan", LITTLE),
    Case("ring", "", PLANE, data="ring"),
    Case("grid", "", PLANE, data="grid"),
    Case(
        "strong-minimax",
        "gan",
        SMALL
        | {"objective": "minimax", "discriminator_rate": 1e-3, "generator_rate": 2e-5},
        VANISHING,
    ),
    Case(
        "strong-minimax-dcgan",
        "dcgan",
        SHORT
        | {"objective": "minimax", "discriminator_rate": 2e-3, "generator_rate": 2e-5},
        VANISHING,
    ),
    Case(
        "strong",
        "gan",
        SMALL | {"discriminator_rate": 1e-3, "generator_rate": 5e-6},
        STRONG,
    ),
    Case(
        "strong-dcgan",
        "dcgan",
        SHORT | {"discriminator_rate": 2e-3, "generator_rate": 1e-5},
        STRONG,
    ),
    Case("tiny-latent", "gan", SMALL | {"latent": 1}, COLLAPSE),
    Case("tiny-latent-dcgan", "dcgan", SHORT | {"latent": 1}, COLLAPSE),
    Case("ring-rushing", "", RUSHING, COLLAPSE, data="ring"),
    Case("grid-rushing", "", RUSHING, COLLAPSE, data="grid"),
    Case("wild-generator", "gan", SMALL | {"generator_rate": 1e-2}, STRONG),
    Case(
        "all-alike",
        "gan",
        SMALL
        | {
            "momentum": 0.9,
            "schedule": "simultaneous",
            "discriminator_rate": 3e-3,
            "generator_rate": 3e-3,
        },
        COLLAPSE,
    ),
    Case(
        "huge-rates",
        "gan",
        SMALL | {"discriminator_rate": 1.0, "generator_rate": 1.0},
        DIVERGED,
    ),
    Case(
        "huge-sgd",
        "dcgan",
        SHORT
        | {"optimizer": "sgd", "discriminator_rate": 50.0, "generator_rate": 50.0},
        DIVERGED,
    ),
    Case("poisoned", "gan", SMALL, DIVERGED, poison=450),
    Case("poisoned-infogan", "infogan", SHORT, DIVERGED, poison=250),
    Case("weak-discriminator", "gan", SMALL | {"clip_weights": 0.002}, WEAK),
    Case(
        "flat-discriminator",
        "gan",
        SMALL | {"penalty": "r1", "penalty_weight": 1000.0},
        COLLAPSE,
    ),
    Case(
        "few",
        "gan",
        SMALL | {"batch_size": 50, "updates": 5000},
        MEMORISES,
        few=50,
    ),
    Case(
        "few-dcgan",
        "dcgan",
        SHORT | {"batch_size": 50, "updates": 5000},
        MEMORISES,
        few=50,
    ),
)
