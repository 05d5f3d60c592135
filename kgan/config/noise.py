"""The fields of the variants that generate from noise."""

from dataclasses import dataclass

from kgan.config.augmented import Augmented
from kgan.config.common import Common
from kgan.config.names import NETWORKS, NORMS, PRIORS
from kgan.errors import UserError
from kgan.fields import option


@dataclass(frozen=True)
class Config(Augmented, Common):
    """The fields of the variants that generate from noise."""

    network: str = option("mlp", "networks of G and D", choices=NETWORKS)
    latent: int = option(100, "numbers in z", least=1, most=8192)
    prior: str = option("normal", "distribution of z", choices=PRIORS)
    pack: int = option(1, "images that D sees at once (PacGAN)", least=1, most=64)
    discriminator_norm: str = option(
        "own", "normalisation of D; own is the network's own", choices=NORMS
    )
    san: bool = option(
        False,
        "D's last layer learns its direction by a loss of its own (SAN); not with labels",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_augmentations()
        if self.batch_size % self.pack:
            raise UserError(
                f"pack={self.pack}", f"does not divide `batch_size={self.batch_size}`"
            )
