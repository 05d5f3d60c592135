"""AttGAN (He 2019): changes attributes of a picture, such as the mouth of a face.

bin/train_gan --variant=attgan
bin/train_gan --variant=attgan --dataset=path/to/faces --config.attributes=mouth,glasses
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kgan.config import Common, Decaying
from kgan.errors import UserError
from kgan.fields import names_in, option, weight
from kgan.sizes import Size

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import AttGAN
    from kgan.networks.sides import Sides

EDITOR_NORMS = ("batch", "instance", "none")


@dataclass(frozen=True)
class Config(Decaying, Common):
    """Adds the attributes, and the weights of the terms."""

    dataset: ClassVar[str] = "coloured_digits"
    before: ClassVar[dict[str, Any]] = {"decay": 0.0}  # in runs that do not record it

    batch_size: int = 32
    updates: int = 6000
    # The paper's critic learns five times as often as G, with WGAN-GP.
    objective: str = "hinge"
    penalty: str = "r1"
    penalty_weight: float = 2.0
    penalty_interval: int = 4
    discriminator_rate: float = 5e-4
    generator_rate: float = 5e-4
    ema: float = 0.999
    attributes: str = option(
        "",
        "the attributes that G can change, such as mouth,glasses: columns of the table of "
        "a folder, and class for its class folders; none is all columns",
    )
    norm: str = option("batch", "normalisation of G", choices=EDITOR_NORMS)
    discriminator_norm: str = option(
        "none", "normalisation of D", choices=("none", "layer", "batch")
    )
    attribute_weight: float = weight(
        1.0, "lambda_3, weight of the attributes that D reads off real pictures"
    )
    # The paper's 10 goes with a critic whose scores have no bound.
    edit_weight: float = weight(
        2.0, "lambda_2, weight of the attributes that D reads off edited pictures"
    )
    reconstruction_weight: float = weight(
        100.0, "lambda_1, weight of the distance of a picture with its own attributes"
    )
    # With 5, half of an open mouth still shone through the new one.
    mask_weight: float = weight(
        1.0,
        "weight of the share of the picture that G draws anew; 0 has no mask, and G draws "
        "the whole picture, as the paper's does",
    )

    @property
    def edited_attributes(self) -> tuple[str, ...] | None:
        return names_in(self.attributes)


def build(config: Config, spec: "Spec") -> "AttGAN":
    """Returns a compiled game for pictures with attributes of a `kgan.data.Spec`."""
    from kgan.configs import choices
    from kgan.models import AttGAN
    from kgan.networks import attgan

    kind = _attributes(spec)
    width = config.width or attgan.WIDTH
    try:
        generator = attgan.generator(
            spec.shape,
            kind.sizes,
            width=width,
            mask=config.mask_weight > 0,
            norm=config.norm,
        )
    except ValueError as error:
        raise UserError(f"image_size={Size(*spec.shape[:2])}", str(error)) from error
    discriminator = attgan.discriminator(
        spec.shape,
        kind.sizes,
        width=width,
        norm=config.discriminator_norm,
        spectral=config.spectral_norm,
    )
    game = AttGAN(
        generator,
        discriminator,
        attributes=kind.options,
        attribute_weight=config.attribute_weight,
        edit_weight=config.edit_weight,
        reconstruction_weight=config.reconstruction_weight,
        mask_weight=config.mask_weight,
        **choices.common_rules(config),
    )
    game.compile(**choices.optimizers(config))
    return game


def _attributes(spec):
    """The kind of the attributes, whose names become those of controls."""
    if "attributes" not in spec.fields:
        raise UserError(
            "variant=attgan",
            "the data set has no attributes",
            "put a captions.csv with a column for each next to the images, or use "
            "`dataset=coloured_digits`",
        )
    kind = spec["attributes"].kind
    taken = ("source", "images", "n", "seed")
    odd = [one for one in kind.names if not one.isidentifier() or one in taken]
    if odd:
        raise UserError(
            f"attributes={odd[0]}",
            f"cannot be the name of a control, which is a word other than {', '.join(taken)}",
            "rename the column, or name the attributes without it",
        )
    return kind


def drawable(config: Config) -> "Sides":
    """Returns the heights and widths that the networks draw."""
    from kgan.networks import sides

    return sides.CONVOLUTIONAL
