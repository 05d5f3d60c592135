"""The objects that the names in `kgan.config` stand for, and builders from them."""

from typing import TYPE_CHECKING, Any

import keras

from kgan import objectives, penalties, priors
from kgan.augmentations import Adaptive, DiffAugment, InstanceNoise, RandomTransforms
from kgan.config import DIFFAUGMENT, Common, Config, Decaying
from kgan.data.kinds import EVERY, Bits, Image, Points, Vector
from kgan.errors import UserError
from kgan.networks import dcgan, fastgan, infogan, mlp, points, r3gan
from kgan.networks.blocks import Classes, attribute_heads
from kgan.networks.slicing import sliced
from kgan.optimizers import Adam
from kgan.schedules import Schedule
from kgan.sizes import Size

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.networks.sides import Sides

OBJECTIVES = {
    "minimax": objectives.Minimax,
    "nonsaturating": objectives.NonSaturating,
    "least_squares": objectives.LeastSquares,
    "wasserstein": objectives.Wasserstein,
    "hinge": objectives.Hinge,
    "relativistic": objectives.Relativistic,
}
PENALTIES = {
    "wgan_gp": penalties.WGANGP,
    "dragan": penalties.DRAGAN,
    "r1": penalties.R1,
    "r2": penalties.R2,
    "ma_gp": penalties.MAGP,
    "r1_approximate": penalties.R1Approximate,
    "r2_approximate": penalties.R2Approximate,
    "lecam": penalties.LeCam,
}
# Of data that are rows of numbers, such as points.
ROWS = (Points, Vector, Bits)
OF_POINTS = {"mlp": points}
NETWORKS = {
    "mlp": mlp,
    "dcgan": dcgan,
    "infogan": infogan,
    "r3gan": r3gan,
    "fastgan": fastgan,
}
PRIORS = {"normal": priors.Normal, "uniform": priors.Uniform}
SCHEDULES = {"alternating": False, "simultaneous": True}
OPTIMIZERS = {
    "adam": lambda rate, c: Adam(rate, c.momentum, c.beta_2),
    "sgd": lambda rate, c: keras.optimizers.SGD(rate, c.momentum),
    "rmsprop": lambda rate, c: keras.optimizers.RMSprop(
        rate, rho=c.beta_2, momentum=c.momentum
    ),
}


def class_sizes(spec: "Spec") -> Classes:
    """Returns how many classes there are, or options of each attribute they combine."""
    return spec["label"].kind.sizes or len(spec.classes)


def generator(config: Config, spec: "Spec", classes: Classes = 0) -> keras.Model:
    """Returns G for data of a `kgan.data.Spec`, conditional on `classes` labels."""
    network = _network(config, spec)
    width = config.width or network.WIDTH
    try:
        return network.generator(
            config.latent,
            spec.shape,
            classes=classes,
            width=width,
            **_extra(config, network),
        )
    except ValueError as error:
        raise UserError(f"image_size={Size(*spec.shape[:2])}", str(error)) from error


def discriminator(
    config: Config,
    spec: "Spec",
    classes: Classes = 0,
    heads: dict[str, int] | None = None,
) -> keras.Model:
    """Returns D for data of a `kgan.data.Spec`, conditional on `classes` labels.

    Args:
        config: the configuration.
        spec: the fields and classes of the data.
        classes: as of `class_sizes`; 0 is none.
        heads: further outputs, name -> width.
    """
    network = _network(config, spec)
    if config.spectral_norm and network is r3gan:
        raise UserError(
            "spectral_norm",
            "R3GAN's blocks begin with kernels of zeros, which have no norm to be "
            "divided by",
            "leave it out: `penalty=r1+r2` keeps D smooth",
        )
    made = network.discriminator(
        spec.shape,
        classes=classes,
        pack=config.pack,
        heads=heads,
        width=config.width or network.WIDTH,
        norm=_norm(config, network),
        spectral=config.spectral_norm,
        **_extra(config, network),
    )
    return _sliced(made, classes) if config.san else made


def label_heads(config: Any, classes: Classes) -> dict[str, int] | None:
    """Returns the heads of a D that reads the class, by `label_weight`; None for none.

    Args:
        config: of a variant that derives from `kgan.config.Conditional`.
        classes: as of `class_sizes`.

    Raises:
        UserError: D is to read the class of several pictures together.
    """
    if not config.label_weight:
        return None
    if config.pack != 1:
        raise UserError(
            f"label_weight={config.label_weight}",
            f"reads the class of one picture, and D sees {config.pack} together",
            "set `pack=1`, or `label_weight=0`",
        )
    return attribute_heads((classes,) if isinstance(classes, int) else classes)


def rules(config: Config) -> dict[str, Any]:
    """Returns the keyword arguments of `GAN`: objective, penalties, schedule and more.

    Raises:
        UserError: choices that do not go together, and why.
    """
    more = {"prior": PRIORS[config.prior](), "pack": config.pack}
    return augmented_rules(config) | more


def augmented_rules(config: Common) -> dict[str, Any]:
    """Returns those of `rules` that games have whose fields are `kgan.config.Augmented`."""
    common = common_rules(config)
    # Noise comes last, on what augmentations make of images.
    every = [*_augmentations(config), *common["augmentations"]]
    return common | {"augmentations": every}


def common_rules(config: Common) -> dict[str, Any]:
    """Returns those of `rules` that games of two domains have as well."""
    return {
        "objective": _objective(config),
        "penalties": _penalties(config),
        "augmentations": _noise(config),
        "clip_weights": config.clip_weights,
        "ema": config.ema,
        "max_steps": config.discriminator_steps,
        "simultaneous": SCHEDULES[config.schedule],
        "seed": config.seed,
    }


def optimizers(config: Common) -> dict[str, keras.Optimizer]:
    """Returns the optimizers of D, the max side, and G, as `Game.compile` takes them."""
    make = OPTIMIZERS[config.optimizer]

    def falling(rate):
        if not isinstance(config, Decaying) or not config.decay:
            return rate
        return Schedule(rate, steps=config.iterations, share=config.decay)

    return {
        "max_optimizer": make(falling(config.discriminator_rate), config),
        "min_optimizer": make(falling(config.generator_rate), config),
    }


def drawable(config: Config) -> "Sides":
    """Returns the heights and widths that the network of `config` draws."""
    return NETWORKS[config.network].SIDES


def _network(config, spec):
    """The network for the kind of the data."""
    kind = spec["real"].kind
    # A kind of the user's own is taken to be what its rank says.
    own = not any(type(kind) is type(one) for one in EVERY) and kind.rank == 1
    if kind != Image() and not own and not isinstance(kind, ROWS):
        raise UserError(
            "dataset",
            f"holds {kind.plural}; this variant makes pictures, or rows of numbers",
            "use another variant",
        )
    known = NETWORKS if kind == Image() else OF_POINTS
    if config.network not in known:
        raise UserError(
            f"network={config.network}",
            f"draws images, and the data are {kind.plural}",
            f"use {', '.join(known)}",
        )
    if kind != Image() and config.augmentations != "none":
        raise UserError(
            f"augmentations={config.augmentations}",
            f"changes images, and the data are {kind.plural}",
            "leave it out",
        )
    return known[config.network]


def _sliced(discriminator, classes):
    try:
        return sliced(discriminator)
    except ValueError as error:
        remedy = "leave it out, or leave the labels out" if classes else "leave it out"
        raise UserError("san", str(error), remedy) from error


def _extra(config, network):
    """The arguments that only this network takes, from the configuration."""
    names = getattr(network, "OPTIONS", ())
    return {name: getattr(config, name) for name in names if hasattr(config, name)}


def _norm(config, network):
    norm = config.discriminator_norm
    return network.NORM if norm == "own" else norm


def _augmentations(config):
    asked = config.augmentations.split("+")
    found = []
    if {"diffaugment", *DIFFAUGMENT} & set(asked):
        parts = DIFFAUGMENT if "diffaugment" in asked else asked
        found.append(DiffAugment(*(part in parts for part in DIFFAUGMENT)))
    if "transforms" in asked:
        found.append(RandomTransforms(config.augmentation_strength))
    if "adaptive" in asked:
        found.append(Adaptive(images=config.augmentation_images))
    return found


def _noise(config):
    if not config.instance_noise:
        return []
    noise = config.instance_noise
    steps = config.instance_noise_steps
    return [InstanceNoise(Schedule(noise, steps=steps) if steps else noise)]


def _objective(config):
    kind = OBJECTIVES[config.objective]
    bounded = config.penalty not in ("none", "lecam")
    # The last layer of a sliced critic has a scale of its own.
    spectral = config.spectral_norm and not getattr(config, "san", False)
    bounded = bounded or config.clip_weights or spectral
    if kind.needs_lipschitz and not bounded:
        raise UserError(
            f"objective={config.objective}",
            "nothing keeps the critic Lipschitz, so its scores grow without bound",
            "add `penalty=wgan_gp`, `clip_weights=0.01` or `spectral_norm`",
        )
    if not config.label_smoothing:
        return kind()
    if not kind.has_target:
        smooth = [name for name, one in OBJECTIVES.items() if one.has_target]
        raise UserError(
            f"label_smoothing={config.label_smoothing}",
            f"`objective={config.objective}` has no target to smooth",
            f"use {', '.join(smooth)}",
        )
    return kind(smoothing=config.label_smoothing)


def _penalties(config):
    names = [] if config.penalty == "none" else config.penalty.split("+")
    settings = config.penalty_weight, config.penalty_interval
    return [
        penalties.LeCam(config.lecam_weight)
        if name == "lecam"
        else PENALTIES[name](*settings)
        for name in names
    ]
