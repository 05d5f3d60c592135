"""AdvGAN (Xiao 2018): changes of images that mislead a classifier, which learns from them.

bin/train_gan --variant=advgan
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kgan.config import Translation
from kgan.configs import cyclegan
from kgan.errors import UserError
from kgan.fields import option, weight
from kgan.sizes import Size

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import AdvGAN


@dataclass(frozen=True)
class Config(Translation):
    """Adds the bound of the changes, the classifier, and the weights of the terms."""

    domains: ClassVar[bool] = False

    image_size: Size = Size(0, 0)
    objective: str = "least_squares"
    network: str = "unet"
    norm: str = "none"
    dropout: float = 0.0
    width: int = 16
    batch_size: int = 64
    updates: int = 2000
    decay: float = 0.0
    epsilon: float = option(
        0.3,
        "largest change of a pixel, as a share of the range",
        least=0.001,
        most=1.0,
    )
    free: float = option(
        0.2,
        "length of a change that costs G nothing, root mean square over pixels",
        least=0.0,
        most=1.0,
        idle_with=("perturbation_weight", 0.0),
    )
    hardens: bool = option(
        True, "whether the classifier learns from changed images as well"
    )
    classifier_width: int = option(
        32, "channels of the classifier's first layer", least=1, most=4096
    )
    misleading_weight: float = weight(1.0, "weight of misleading the classifier")
    adversarial_weight: float = weight(
        0.1, "weight of fooling D; 0 leaves G only the classifier"
    )
    perturbation_weight: float = weight(1.0, "weight of what is longer than `free`")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.source_channels:
            raise UserError(
                f"source_channels={self.source_channels}",
                "the source are the images themselves",
                "use `channels`",
            )


def build(config: Config, spec: "Spec") -> "AdvGAN":
    """Returns a compiled game for the images and labels of a `kgan.data.Spec`."""
    from kgan.configs import choices, translation
    from kgan.models import AdvGAN
    from kgan.networks import encoder, perturbing

    if "label" not in spec.fields:
        raise UserError("variant=advgan", "the data have no classes to be misled about")
    shape = spec.shape
    mine, game_rules = translation.rules(config)
    network = translation.generator(config, shape, shape[-1])
    names = ("misleading_weight", "adversarial_weight", "perturbation_weight")
    game = AdvGAN(
        perturbing.bounded(network, config.epsilon),
        translation.discriminator(config, shape),
        classifier=encoder.classifier(
            shape, len(spec.classes), width=config.classifier_width
        ),
        free=config.free,
        hardens=config.hardens,
        **{name: getattr(config, name) for name in names},
        **mine,
        **game_rules,
    )
    game.compile(**choices.optimizers(config))
    return game


drawable = cyclegan.drawable
