"""R3GAN (Huang 2024): a relativistic game with R1 and R2, and residual networks.

bin/train_gan --variant=r3gan --dataset=mnist
The networks are small, for a machine without a GPU. The paper's for 64 pixels, on 8 GPUs:
bin/train_gan --variant=r3gan --dataset=path/to/faces --config.image_size=64 \
    --config.width=384 --config.widest=768 --config.blocks=2 --config.batch_size=256 \
    --config.cosine_images=20000000 --config.ema_share=0.025
"""

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from kgan.config import Conditional
from kgan.config import Config as Base
from kgan.configs import gan
from kgan.errors import UserError
from kgan.fields import option, weight

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import GAN

    Following = Base  # the class that follows `Recipe` in those of its configurations
else:
    Following = object

# gamma at the start, up to 32 pixels, 64, 128 and 256: a squared gradient is a sum over
# pixels. The last ones are the paper's for FFHQ, with 128 between them. At 32 the paper
# has 0.05 for CIFAR-10 and 0.5 for ImageNet; on the digits, in 1,500 updates, G came to
# tell labels apart with 1 and not with 0.05.
GAMMAS = (1.0, 2.0, 17.0, 150.0)
CONDITIONAL = ("auto", "yes", "no")


@dataclass(frozen=True)
class Recipe(Conditional, Following):
    """Adds what falls or rises along one half of a cosine, and the size of the networks.

    A configuration derives from it and from `kgan.config.Config`, in this order.
    """

    network: str = "r3gan"
    latent: int = 64
    batch_size: int = 32
    objective: str = "relativistic"
    penalty: str = "r1+r2"
    penalty_weight: float = weight(
        0.0,
        "weight of the penalty at the start; 0 is, for r1 and r2, by the larger side of the "
        "images: 1 up to 32 pixels, 2 up to 64, 17 up to 128, 150 above; and 10 for others",
    )
    momentum: float = 0.0
    beta_2: float = 0.9
    conditional: str = option(
        "auto",
        "whether G draws the class that is asked for, and D sees it: auto is yes if the "
        "data have labels",
        choices=CONDITIONAL,
    )
    widest: int = option(128, "channels of the widest stage", least=1, most=8192)
    blocks: int = option(1, "residual blocks of each stage", least=1, most=100)
    # The cosine
    cosine_images: int = option(
        0,
        "real images over which rates, beta_2, gamma, the moving average and the "
        "augmentations change along half a cosine; 0 is the whole run, which then cannot "
        "be made longer",
        least=0,
        most=10**12,
    )
    rate_end: float = option(
        0.25, "share of both learning rates at its end", least=0.0, most=100.0
    )
    beta_2_end: float = option(0.99, "beta_2 at its end", least=0.0, most=0.999999)
    penalty_end: float = option(
        0.1,
        "share of gamma at its end",
        least=0.0,
        most=1000.0,
        idle_with=(("penalty", "none"), ("penalty", "lecam")),
    )
    ema_share: float = option(
        0.05,
        "half-life, at its end, of the moving average of G that samples come from, as a "
        "share of the cosine's images; it begins with 0; 0 uses ema instead",
        least=0.0,
        most=1.0,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.condition and self.conditional == "no":
            raise UserError(
                f"condition={self.condition}",
                "has no effect with `conditional=no`",
                "leave one of them out",
            )
        if self.ema and self.ema_share:
            raise UserError(
                f"ema={self.ema}",
                f"has no effect with `ema_share={self.ema_share}`",
                "set `ema_share=0`, or leave it out",
            )
        needs = {"widest": "network=r3gan", "blocks": "network=r3gan"}
        for name, other in (needs | {"beta_2_end": "optimizer=adam"}).items():
            field, only = other.split("=")
            changed = getattr(self, name) != getattr(type(self), name)
            if changed and getattr(self, field) != only:
                raise UserError(
                    f"{name}={getattr(self, name)}",
                    f"has no effect with `{field}={getattr(self, field)}`",
                    "leave it out",
                )

    def resolved(self, steps: int) -> Self:
        """Returns the configuration with `epochs` and the images of the cosine set."""
        resolved = super().resolved(steps)
        whole = resolved.epochs * steps * self.examples_per_step
        images = self.cosine_images or whole
        return dataclasses.replace(resolved, cosine_images=images)


@dataclass(frozen=True)
class Config(Recipe, Base):
    """The defaults of this variant."""


def build(config: Any, spec: "Spec") -> "GAN":
    """Returns a compiled game for data of a `kgan.data.Spec`; conditional with labels.

    Raises:
        UserError: labels are asked for, and the data have none.
    """
    from kgan.configs import choices
    from kgan.models import CGAN, GAN

    classes = spec.classes if config.conditional != "no" else ()
    if config.conditional == "yes" and not classes:
        raise UserError(
            "conditional=yes",
            "the data set has no labels",
            "put the images into one subfolder per class, or leave it out",
        )
    if not classes and config.label_weight != type(config).label_weight:
        raise UserError(
            f"label_weight={config.label_weight}",
            "there are no labels to read",
            "leave it out",
        )
    kind, labels, heads, sizes = GAN, {}, None, 0
    if classes:
        sizes = choices.class_sizes(spec)
        kind, heads = CGAN, choices.label_heads(config, sizes)
        labels = {"classes": classes, "label_weight": config.label_weight}
    game = kind(
        choices.generator(config, spec, sizes),
        choices.discriminator(config, spec, sizes, heads),
        **labels,
        **_rules(config, spec),
    )
    game.compile(**_optimizers(config))
    return game


drawable = gan.drawable


def _rules(config, spec):
    from kgan.augmentations import RandomTransforms
    from kgan.configs import choices
    from kgan.schedules import HalfLife

    rules = choices.rules(config)
    for penalty in rules["penalties"]:
        if penalty.name != "lecam":
            weight = config.penalty_weight or _weight(penalty, spec)
            penalty.weight = _cosine(config, weight, weight * config.penalty_end)
    for augmentation in rules["augmentations"]:
        if type(augmentation) is RandomTransforms:
            rising = _cosine(config, 0.0, config.augmentation_strength)
            augmentation.probability = rising
    if config.ema_share:
        half_life = config.ema_share * config.cosine_images
        images = _cosine(config, 0.0, half_life)
        rules["ema"] = HalfLife(images, config.examples_per_step)
    return rules


def _optimizers(config):
    from kgan.configs import choices
    from kgan.optimizers import Adam

    def make(rate):
        rate = _cosine(config, rate, rate * config.rate_end)
        if config.optimizer != "adam":
            return choices.OPTIMIZERS[config.optimizer](rate, config)
        beta_2 = _cosine(config, config.beta_2, config.beta_2_end)
        return Adam(rate, config.momentum, beta_2, epsilon=1e-8)

    return {
        "max_optimizer": make(config.discriminator_rate),
        "min_optimizer": make(config.generator_rate),
    }


def _cosine(config, value, end):
    """The schedule from `value` to `end` over the images of the cosine."""
    from kgan.schedules import Schedule

    steps = math.ceil(config.cosine_images / config.examples_per_step)
    return Schedule(value, end, steps, shape="cosine")


def _weight(penalty, spec):
    """The weight of a penalty at the start, where the configuration has none."""
    if penalty.name.startswith(("r1", "r2")):
        return _gamma(spec)
    return Base.penalty_weight


def _gamma(spec):
    side = max(32, *spec.shape[:2])
    return GAMMAS[min(math.ceil(math.log2(side / 32)), len(GAMMAS) - 1)]
