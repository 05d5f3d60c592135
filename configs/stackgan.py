"""StackGAN (Zhang 2017): pictures from captions, in one stage or in two.

bin/train_gan --variant=stackgan --dataset=coloured_digits
"""

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kgan.config import Augmented, Common
from kgan.errors import UserError
from kgan.fields import option, weight
from kgan.sizes import Size

if TYPE_CHECKING:
    import keras

    from kgan.data import Spec
    from kgan.models import StackGAN
    from kgan.networks.sides import Sides

TEXT_NETWORKS = ("stackgan", "dfgan")
TEXT_ENCODERS = ("gru", "bag")
TEXT_NORMS = ("batch", "layer", "none")


@dataclass(frozen=True)
class Config(Augmented, Common):
    """Adds what reads the captions, and the number of stages."""

    captioned: ClassVar[bool] = True

    batch_size: int = 64
    updates: int = 7400
    ema: float = 0.99
    # With batch norm, or the logistic loss, D runs ahead and G ignores the captions.
    objective: str = "hinge"
    discriminator_rate: float = 5e-4
    generator_rate: float = 5e-4
    network: str = option(
        "stackgan",
        "networks of G and D; dfgan draws in one stage, and variant dfgan is its recipe",
        choices=TEXT_NETWORKS,
    )
    latent: int = option(
        16, "numbers in z, apart from those of the condition", least=1, most=8192
    )
    discriminator_norm: str = option("none", "normalisation of D", choices=TEXT_NORMS)
    stages: int = option(
        1,
        "1 draws pictures at once; 2 first trains a game for half the height and width, "
        "and then one that draws its pictures at the full size",
        least=1,
        most=2,
    )
    text_encoder: str = option(
        "gru",
        "what reads a caption: gru reads the words in their order; bag does not see "
        "their order",
        choices=TEXT_ENCODERS,
    )
    condition_size: int = option(
        64, "numbers that G and D get for a caption", least=1, most=4096
    )
    # With it, on coloured_mnist of 32 pixels, 96 % of the digits were those asked for, and
    # without it 99.7 %; the variety was 0.87 and 0.98 of that of real ones.
    conditioning_augmentation: bool = option(
        False,
        "draw the condition of G anew each time, around a mean (Zhang 2017)",
    )
    kl_weight: float = weight(
        2.0,
        "weight of the KL divergence of the condition from N(0, I), a mean over its "
        "numbers",
        idle_with=("conditioning_augmentation", False),
    )
    matching: bool = option(
        True, "show D real pictures with wrong captions, as further fakes"
    )

    unconditional: bool = option(
        True, "let D score pictures without their captions as well"
    )
    # On coloured_mnist of 32 pixels, 6,559 updates with 1 drew the digit that was asked for
    # in 41 % of the samples; 937 more with 4, in 78 %.
    contrastive_weight: float = weight(
        4.0, "weight of the loss that compares a picture with all captions of the batch"
    )

    # Without it, G draws nearly one picture for each caption: on coloured_mnist the variety
    # of 16 was 0.47 of that of real ones; with 0.1, at every fourth descent, it is 0.98.
    diversity_weight: float = weight(
        0.1,
        "weight of the mode-seeking term, which asks for other pictures of a caption for "
        "other z, and takes one more pass of G; stage II goes without",
    )
    diversity_interval: int = option(
        4,
        "take the mode-seeking term at every so-many-th descent of G, so many times as "
        "heavy",
        least=1,
        most=1000,
        idle_with=("diversity_weight", 0.0),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_augmentations()
        if self.stages == 2 and self.network != "stackgan":
            raise UserError(
                "stages=2",
                f"`network={self.network}` draws in one stage",
                "use `stages=1`, or `network=stackgan`",
            )


def build(config: Config, spec: "Spec") -> "StackGAN":
    """Returns a compiled game for pictures with captions of a `kgan.data.Spec`."""
    from kgan.configs import choices
    from kgan.models import StackGAN

    if "caption" not in spec.fields:
        raise UserError(
            "variant=stackgan",
            "the data set has no captions",
            "put a captions.csv (file, caption) next to the images, or use "
            "`dataset=coloured_digits`",
        )
    game = StackGAN(
        generator(config, spec),
        discriminator(config, spec),
        kl_weight=config.kl_weight,
        matching=config.matching,
        contrastive_weight=config.contrastive_weight,
        unconditional=config.unconditional,
        # Stage II draws what z has decided in stage I: there the term asks it to exaggerate.
        diversity_weight=config.diversity_weight if config.stages == 1 else 0.0,
        diversity_interval=config.diversity_interval,
        **choices.augmented_rules(config),
    )
    game.compile(**choices.optimizers(config))
    return game


def generator(config: Config, spec: "Spec") -> "keras.Model":
    """Returns G for pictures with captions of a `kgan.data.Spec`."""
    from kgan.networks.words import Text

    field = spec["caption"]
    text = Text(
        field.shape[0],
        field.kind.size,
        config.text_encoder,
        config.condition_size,
        config.conditioning_augmentation,
    )
    network = _network(config)
    taken: Any = {"width": config.width or network.WIDTH}
    height, width, channels = spec.shape
    try:
        if config.stages == 2:
            half = (height // 2, width // 2, channels)
            taken["first"] = network.generator(config.latent, half, text, **taken)
        return network.generator(config.latent, spec.shape, text, **taken)
    except ValueError as error:
        raise UserError(f"image_size={Size(height, width)}", str(error)) from error


def discriminator(config: Config, spec: "Spec") -> "keras.Model":
    """Returns D for pictures with captions of a `kgan.data.Spec`."""
    network = _network(config)
    return network.discriminator(
        spec.shape,
        config.condition_size,
        width=config.width or network.WIDTH,
        norm=config.discriminator_norm,
        spectral=config.spectral_norm,
        compared=config.contrastive_weight > 0,
        alone=config.unconditional,
    )


def _network(config):
    from kgan.networks import dfgan, stackgan

    return {"stackgan": stackgan, "dfgan": dfgan}[config.network]


def earlier(config: Config, spec: "Spec") -> Config | None:
    """Returns the configuration of stage I, which is trained before; None without it."""
    if config.stages == 1:
        return None
    size = Size(*(side // 2 for side in spec.shape[:2]))
    return dataclasses.replace(config, stages=1, image_size=size)


def drawable(config: Config) -> "Sides":
    """Returns the heights and widths that the networks draw."""
    from kgan.networks import sides

    return sides.TWO_STAGES if config.stages == 2 else sides.CONVOLUTIONAL
