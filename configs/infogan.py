"""InfoGAN (Chen 2016): a code that learns the digits by itself.

bin/train_gan --variant=infogan --dataset=mnist
Digits: 93 s on 2 idle cores. MNIST: 724-1,130 s on 2 busy ones; L_I >= 2.29 nats,
code error 21.6, 13.4, 23.9 % for the seeds 0, 1, 2.
"""

from dataclasses import dataclass

from kgan.config import Config as Base
from kgan.config import check
from kgan.configs import choices
from kgan.errors import UserError
from kgan.models import InfoGAN


@dataclass(frozen=True)
class Config(Base):
    """Adds the code, which takes its place at the end of z.

    categories: sizes of the categorical codes.
    continuous: number of continuous codes.
    category_weight, continuous_weight: lambda of each kind.
    """

    network: str = "infogan"
    width: int = 32
    latent: int = 74
    prior: str = "uniform"
    generator_rate: float = 1e-3
    updates: int = 2800
    categories: tuple = (10,)
    continuous: int = 2
    category_weight: float = 1.0
    continuous_weight: float = 0.1

    def __post_init__(self):
        super().__post_init__()
        if not all(isinstance(size, int) and size > 1 for size in self.categories):
            raise UserError(
                f"--config.categories={self.categories}: how many values each "
                "categorical code has, whole numbers from 2, such as 10 or 10,10"
            )
        check(
            self,
            ("continuous", 0, 1000),
            ("category_weight", 0.0, 1e6),
            ("continuous_weight", 0.0, 1e6),
        )
        if not self.categories and not self.continuous:
            raise UserError("--config.categories=(): InfoGAN needs a code of some kind")
        code = sum(self.categories) + self.continuous
        if self.latent <= code:
            raise UserError(
                f"--config.latent={self.latent}: the code takes {code} of z's numbers "
                "and leaves no noise; take more"
            )
        if self.pack != 1:
            raise UserError(
                f"--config.pack={self.pack}: Q shares D's trunk and must read the "
                "code of one image at a time; infogan needs pack=1"
            )


def build(config, shape, classes):
    """A compiled game for images of `shape`, (H, W, C); the class names are not used."""
    heads = {f"category_{i}": size for i, size in enumerate(config.categories)}
    if config.continuous:
        heads["continuous"] = config.continuous
    game = InfoGAN(
        choices.generator(config, shape),
        choices.discriminator(config, shape, heads=heads),
        categories=config.categories,
        continuous=config.continuous,
        category_weight=config.category_weight,
        continuous_weight=config.continuous_weight,
        **choices.rules(config),
    )
    game.compile(*choices.optimizers(config))
    return game
