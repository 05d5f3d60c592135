"""What one may choose about a game, and how a choice is kept."""

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from kgan.errors import UserError


@dataclass(frozen=True)
class Common:
    """The fields that every game of images has, those of two domains too.

    Data
        image_size: side in pixels, a multiple of 4 from 8 to 128; 0 is the data's own.
        channels: 1 grey, 3 colour; 0 is the data's own.
        batch_size: real images in one round.
        epochs: passes over the data; 0 is as many as `updates` needs.
        updates: descents of G, at least; counts only with epochs=0.
        seed: where all randomness begins.
        flip: mirror half of the real images left to right, by chance.
        jitter: share of their side by which real images grow before a crop of their
            own size is cut out by chance, as 0.117 (286 from 256); 0 is none.
    The game
        objective: minimax, nonsaturating, least_squares, wasserstein, hinge,
            relativistic.
        label_smoothing: one-sided, 0 to 0.5 (excluded).
        penalty: none, wgan_gp, dragan, r1, r2, or several joined by +.
        penalty_weight: lambda of wgan_gp and dragan, gamma of r1 and r2.
        penalty_interval: take the penalty at every so many ascents.
        discriminator_steps: ascents of D per descent of G, on fresh data each.
        schedule: alternating, or simultaneous (one forward pass for both).
        instance_noise: standard deviation of noise on all that D sees.
        instance_noise_steps: ascents until it has faded; 0 keeps it.
        clip_weights: bound of D's weights; 0 is none.
        ema: decay of the moving average of G that samples come from; 0 is none.
    The networks
        width: of the networks' narrowest layer; 0 is their own.
        spectral_norm: spectral normalisation of D.
    The optimizers
        optimizer: adam, sgd, rmsprop, for both players.
        discriminator_rate, generator_rate: learning rates.
        momentum: Adam's beta_1; momentum of SGD and RMSProp.
        beta_2: Adam's beta_2; the decay of RMSProp.
    The record
        grids: about how many sample grids the run keeps.
    """

    domains: ClassVar[bool] = False  # whether it learns from two domains of images

    image_size: int = 0
    channels: int = 0
    batch_size: int = 128
    epochs: int = 0
    updates: int = 4000
    seed: int = 0
    flip: bool = False
    jitter: float = 0.0
    objective: str = "nonsaturating"
    label_smoothing: float = 0.0
    penalty: str = "none"
    penalty_weight: float = 10.0
    penalty_interval: int = 1
    discriminator_steps: int = 1
    schedule: str = "alternating"
    instance_noise: float = 0.0
    instance_noise_steps: int = 0
    clip_weights: float = 0.0
    ema: float = 0.0
    width: int = 0
    spectral_norm: bool = False
    optimizer: str = "adam"
    discriminator_rate: float = 2e-4
    generator_rate: float = 2e-4
    momentum: float = 0.5
    beta_2: float = 0.999
    grids: int = 40

    def __post_init__(self):
        check(self, *COMMON_LIMITS)
        if self.schedule == "simultaneous" and self.discriminator_steps != 1:
            raise UserError(
                f"--config.discriminator_steps={self.discriminator_steps}: the "
                "simultaneous schedule has one ascent per descent; use 1, or "
                "--config.schedule=alternating"
            )

    @property
    def images_per_step(self):
        """Real images that one `train_step` takes: a fresh round for each ascent."""
        return self.batch_size * self.discriminator_steps

    def epochs_for(self, steps):
        """Passes over the data, at `steps` descents each."""
        return self.epochs or -(-self.updates // steps)

    def resolved(self, steps, **data):
        """The same with nothing left open, on data of `steps` steps per epoch.

        Args: `data`, the fields that the data decides.
        """
        return dataclasses.replace(self, epochs=self.epochs_for(steps), **data)


@dataclass(frozen=True)
class Translation(Common):
    """Adds what every game between two domains of images has.

    source_channels: of the images of the source; 0 is the data's own.
    generator_steps: descents of G per ascent of D, on fresh data each.
    decay: share of the run, at its end, in which both rates fall linearly to 0; 0
        is none. With it, a run cannot be made longer.
    """

    domains: ClassVar[bool] = True
    paired: ClassVar[bool] = False  # whether it learns from pairs

    source_channels: int = 0
    generator_steps: int = 1
    decay: float = 0.5

    def __post_init__(self):
        super().__post_init__()
        check(self, ("generator_steps", 1, 100), ("decay", 0.0, 1.0))

    @property
    def images_per_step(self):
        return self.batch_size * (self.discriminator_steps + self.generator_steps - 1)

    @property
    def rates(self):
        """(learning rate, steps that are taken at it) of D, and of G."""
        ascents = self.updates * self.discriminator_steps / self.generator_steps
        return (self.discriminator_rate, ascents), (self.generator_rate, self.updates)

    def epochs_for(self, steps):
        return super().epochs_for(steps * self.generator_steps)

    def resolved(self, steps, **data):
        resolved = super().resolved(steps, **data)
        descents = resolved.epochs * steps * self.generator_steps
        return dataclasses.replace(resolved, updates=descents)


@dataclass(frozen=True)
class Config(Common):
    """Adds the fields of the games that draw from noise; a variant adds its own.

    network: mlp, dcgan, infogan.
    latent: numbers in z.
    prior: normal or uniform (-1, 1).
    pack: images that D judges at once (PacGAN).
    discriminator_norm: batch, layer, none, or own (the network's own).
    """

    network: str = "mlp"
    latent: int = 100
    prior: str = "normal"
    pack: int = 1
    discriminator_norm: str = "own"

    def __post_init__(self):
        super().__post_init__()
        check(self, *OWN_LIMITS)
        if self.batch_size % self.pack:
            raise UserError(
                f"--config.pack={self.pack} does not divide "
                f"--config.batch_size={self.batch_size}"
            )


def check(config, *limits):
    """Raises UserError for a field outside its (name, lowest, highest), or not a number."""
    for name, lowest, highest in limits:
        value = getattr(config, name)
        if not lowest <= value <= highest:
            raise UserError(
                f"--config.{name}={value}: must lie between {lowest} and {highest}"
            )


LARGE = 1_000_000_000
COMMON_LIMITS = (
    ("batch_size", 1, 65_536),
    ("epochs", 0, LARGE),
    ("updates", 1, LARGE),
    ("seed", 0, 2**31 - 1),
    ("jitter", 0.0, 1.0),
    ("label_smoothing", 0.0, 0.499),
    ("penalty_weight", 0.0, 1e6),
    ("penalty_interval", 1, LARGE),
    ("discriminator_steps", 1, 100),
    ("instance_noise", 0.0, 100.0),
    ("instance_noise_steps", 0, LARGE),
    ("clip_weights", 0.0, 1e6),
    ("ema", 0.0, 0.999999),
    ("width", 0, 8192),
    ("discriminator_rate", 0.0, 100.0),
    ("generator_rate", 0.0, 100.0),
    ("momentum", 0.0, 0.9999),
    ("beta_2", 0.0, 0.999999),
    ("grids", 1, 10_000),
)
OWN_LIMITS = (("image_size", 0, 128), ("latent", 1, 8192), ("pack", 1, 64))
LIMITS = COMMON_LIMITS + OWN_LIMITS


def as_plain(config):
    """The fields as a dict that JSON keeps: tuples become lists."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in dataclasses.asdict(config).items()
    }


def from_plain(kind, plain):
    """A config of class `kind` from what `as_plain` made.

    Raises:
        UserError: an unknown field, a missing one, or a value of another type.
    """
    fields = {field.name: field for field in dataclasses.fields(kind)}
    if set(fields) != set(plain):
        odd = ", ".join(sorted(set(fields) ^ set(plain)))
        raise UserError(f"the saved configuration differs in its fields: {odd}")
    values = {}
    for name, field in fields.items():
        value = plain[name]
        if field.type is tuple and isinstance(value, list):
            value = tuple(value)
        fits = isinstance(value, (int, float) if field.type is float else field.type)
        if not fits or (isinstance(value, bool) and field.type is not bool):
            raise UserError(
                f"the saved configuration has {name}={value!r}; "
                f"expected {field.type.__name__}"
            )
        values[name] = value
    return kind(**values)


def differences(old, new):
    """Lists "field: old -> new" for each field in which two dicts differ."""
    return [
        f"{name}: {old.get(name)} -> {new.get(name)}"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
