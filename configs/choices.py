"""The names that the command line knows, and the objects that they stand for."""

import inspect

import keras

from kgan import objectives, penalties, priors
from kgan.errors import UserError, nearest
from kgan.networks import dcgan, infogan, mlp
from kgan.optimizers import Adam

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
}
NETWORKS = {"mlp": mlp, "dcgan": dcgan, "infogan": infogan}
PRIORS = {"normal": priors.Normal, "uniform": priors.Uniform}
NORMS = {name: name for name in ("own", "batch", "layer", "none")}
SCHEDULES = {"alternating": False, "simultaneous": True}
OPTIMIZERS = {
    "adam": lambda rate, c: Adam(rate, c.momentum, c.beta_2),
    "sgd": lambda rate, c: keras.optimizers.SGD(rate, c.momentum),
    "rmsprop": lambda rate, c: keras.optimizers.RMSprop(
        rate, rho=c.beta_2, momentum=c.momentum
    ),
}


def pick(config, field, known):
    """The object that `config.field` names.

    Raises:
        UserError: `known` has no such name.
    """
    return _pick(field, getattr(config, field), known)


def _pick(field, name, known):
    if name not in known:
        raise UserError(
            f"--config.{field}={name}: unknown{nearest(name, known)}; "
            f"there are {', '.join(known)}"
        )
    return known[name]


def generator(config, shape, classes=0):
    """G for images of `shape`, (H, W, C), that knows `classes` labels."""
    network = pick(config, "network", NETWORKS)
    width = config.width or network.WIDTH
    return network.generator(config.latent, shape, classes=classes, width=width)


def discriminator(config, shape, classes=0, heads=None):
    """D for images of `shape` that knows `classes` labels.

    Args:
        heads: further outputs, name -> width.
    """
    network = pick(config, "network", NETWORKS)
    return network.discriminator(
        shape,
        classes=classes,
        pack=config.pack,
        heads=heads,
        width=config.width or network.WIDTH,
        norm=_norm(config),
        spectral=config.spectral_norm,
    )


def rules(config):
    """The keyword arguments of `GAN` that say how the game is played.

    Raises:
        UserError: choices that do not go together, and why.
    """
    return common_rules(config, _norm(config)) | {
        "prior": pick(config, "prior", PRIORS)(),
        "pack": config.pack,
    }


def common_rules(config, norm):
    """Those of `rules` that games of two domains have as well.

    Args:
        norm: of D.
    """
    return {
        "objective": _objective(config),
        "penalties": _penalties(config, norm),
        "instance_noise": config.instance_noise,
        "instance_noise_steps": config.instance_noise_steps,
        "clip_weights": config.clip_weights,
        "ema": config.ema,
        "max_steps": config.discriminator_steps,
        "simultaneous": pick(config, "schedule", SCHEDULES),
        "seed": config.seed,
    }


def optimizers(config):
    """D's and G's optimizer."""
    make = pick(config, "optimizer", OPTIMIZERS)
    return make(config.discriminator_rate, config), make(config.generator_rate, config)


def _norm(config):
    norm = pick(config, "discriminator_norm", NORMS)
    return pick(config, "network", NETWORKS).NORM if norm == "own" else norm


def _objective(config):
    kind = pick(config, "objective", OBJECTIVES)
    free = config.penalty == "none" and not (
        config.clip_weights or config.spectral_norm
    )
    if kind is objectives.Wasserstein and free:
        raise UserError(
            "--config.objective=wasserstein: nothing keeps the critic Lipschitz, so "
            "its scores grow without bound; add --config.penalty=wgan_gp, "
            "--config.clip_weights=0.01 or --config.spectral_norm"
        )
    if not config.label_smoothing:
        return kind()
    if "smoothing" not in inspect.signature(kind).parameters:
        raise UserError(
            f"--config.label_smoothing={config.label_smoothing}: "
            f"--config.objective={config.objective} has no target to smooth; use "
            "minimax, nonsaturating or least_squares"
        )
    return kind(smoothing=config.label_smoothing)


def _penalties(config, norm):
    if config.penalty == "none":
        return []
    names = config.penalty.split("+")
    kinds = [_pick("penalty", name, PENALTIES) for name in names]
    if len(set(names)) < len(names):
        raise UserError(f"--config.penalty={config.penalty}: names one twice")
    if norm == "batch":
        raise UserError(
            f"--config.penalty={config.penalty}: it bounds D's gradient for each "
            "image alone, but batch norm mixes the images of a batch; add "
            "--config.discriminator_norm=layer or none"
        )
    if keras.config.dtype_policy().name == "mixed_float16":
        raise UserError(
            f"--config.penalty={config.penalty}: its inner gradient is not loss-scaled "
            "and vanishes in float16; use --precision=mixed_bfloat16 or float32"
        )
    return [kind(config.penalty_weight, config.penalty_interval) for kind in kinds]
