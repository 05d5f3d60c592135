"""Pictures from captions in one stage, after DF-GAN (Tao 2022); StackGAN, configured.

Networks, hinge loss, penalty and rates are DF-GAN's. The terms of StackGAN's game stay; without
them, as the paper has it:

    --config.unconditional=false --config.contrastive_weight=0 --config.diversity_weight=0

bin/train_gan --variant=dfgan --dataset=coloured_digits
"""

from dataclasses import dataclass

from kgan.configs import stackgan


@dataclass(frozen=True)
class Config(stackgan.Config):
    """The defaults of this variant."""

    network: str = "dfgan"
    penalty: str = "ma_gp"
    penalty_weight: float = 2.0
    discriminator_rate: float = 4e-4
    generator_rate: float = 1e-4
    momentum: float = 0.0
    beta_2: float = 0.9


build = stackgan.build
drawable = stackgan.drawable
earlier = stackgan.earlier
