"""Lines of text: a G that writes symbol by symbol, or all at once (WGAN-GP on softmax).

bin/train_gan --variant=text --dataset=path/to/lines.txt
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kgan.config import Common
from kgan.config.warmed import Warmed
from kgan.errors import UserError
from kgan.fields import option, weight
from kgan.settings import LARGE

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import GAN

WRITERS = ("recurrent", "convolutional")
ESTIMATORS = ("gumbel", "score")
UNITS = ("characters", "words")
RECURRENT = ("network", "convolutional")  # with which the fields of a writer are idle
SCORED = (RECURRENT, ("estimator", "score"))  # with which those of Gumbel-softmax are


@dataclass(frozen=True)
class Config(Warmed, Common):
    """Adds how lines are read, and how G writes and learns."""

    learns_from: ClassVar[str] = "lines"
    dataset: ClassVar[str] = "oracle"

    batch_size: int = 64
    updates: int = 3000
    penalty: str = "r1"
    penalty_weight: float = 1.0
    discriminator_rate: float = 1e-3
    generator_rate: float = 1e-3
    units: str = option(
        "characters", "what the lines of a file are made of", choices=UNITS
    )
    network: str = option(
        "recurrent",
        "network of G: recurrent writes symbol by symbol; convolutional makes shares of "
        "all symbols at once, for wasserstein with wgan_gp",
        choices=WRITERS,
    )
    latent: int = option(
        128, "numbers in z", least=1, most=8192, idle_with=("network", "recurrent")
    )
    estimator: str = option(
        "gumbel",
        "how a symbol, which has no gradient, teaches a recurrent G: gumbel is the "
        "straight-through gradient of Gumbel-softmax, score the score function",
        choices=ESTIMATORS,
        idle_with=RECURRENT,
    )
    temperature: float = option(
        1.0,
        "of the gradient of Gumbel-softmax, at the start",
        least=0.01,
        most=100.0,
        idle_with=SCORED,
    )
    temperature_end: float = option(
        1.0,
        "the same after temperature_steps",
        least=0.01,
        most=100.0,
        idle_with=SCORED,
    )
    temperature_steps: int = option(
        0,
        "iterations until then; 0 keeps the first",
        least=0,
        most=LARGE,
        idle_with=SCORED,
    )
    warm_up: int = option(
        1000,
        "iterations at the start in which a recurrent G learns by maximum likelihood "
        "alone; as many as updates make a plain language model",
        least=0,
        most=LARGE,
        idle_with=RECURRENT,
    )
    likelihood_weight: float = weight(
        0.0, "weight of that term after them", idle_with=RECURRENT
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.temperature_end != 1.0 and not self.temperature_steps:
            raise UserError(
                f"temperature_end={self.temperature_end}",
                "has no effect with `temperature_steps=0`",
                "leave it out, or set `temperature_steps`",
            )


def build(config: Config, spec: "Spec") -> "GAN":
    """Returns a compiled game for lines of a `kgan.data.Spec`."""
    from kgan.configs import choices
    from kgan.data.kinds import Lines
    from kgan.models import GAN
    from kgan.networks import text

    field = spec["real"]
    if not isinstance(field.kind, Lines):
        raise UserError(
            "variant=text",
            f"the data are {field.kind.plural}, no lines of text",
            "use a text file, `dataset=NAME.txt`, or `dataset=oracle`",
        )
    sizes, width = (field.shape[0], len(field.kind.symbols)), config.width or text.WIDTH
    discriminator = text.discriminator(
        *sizes, width=width, spectral=config.spectral_norm
    )
    rules = choices.common_rules(config)
    if config.network == "convolutional":
        generator = text.generator(config.latent, *sizes, width=width)
        game = GAN(generator, discriminator, **rules)
    else:
        game = _writing(config, field.kind.ends, sizes, width, discriminator, rules)
    game.compile(**choices.optimizers(config))
    return game


def _writing(config, ends, sizes, width, discriminator, rules):
    from kgan.models import Text
    from kgan.networks import text
    from kgan.schedules import Schedule

    temperature = config.temperature
    if config.temperature_steps:
        temperature = Schedule(
            temperature, config.temperature_end, config.temperature_steps
        )
    return Text(
        text.writer(*sizes, ends=ends, width=width),
        discriminator,
        estimator=config.estimator,
        temperature=temperature,
        warm_up=config.warm_up,
        likelihood_weight=config.likelihood_weight,
        **rules,
    )
