"""Every combination of choices: each one trains, or says why it will not.

The rules below are written again, apart from `configs`, so that a refusal
that comes or goes shows up here.
"""

import functools
import itertools

import numpy as np
import pytest
import tensorflow as tf

from kgan.config import NORMS
from kgan.configs import cgan, choices, dcgan, gan, infogan
from kgan.errors import UserError
from tests import specs

VARIANTS = {"gan": gan, "dcgan": dcgan, "cgan": cgan, "infogan": infogan}
NETWORKS = ("mlp", "dcgan", "infogan", "r3gan", "fastgan")
LARGEST = ("r3gan", "fastgan")
OBJECTIVES = (
    "minimax",
    "nonsaturating",
    "least_squares",
    "wasserstein",
    "hinge",
    "relativistic",
)
PENALTIES = ("none", "wgan_gp", "dragan", "r1", "r2", "r1+r2")
# What needs captions, or a D without dropout, has tests of its own.
APART = {"ma_gp", "lecam", "r1_approximate", "r2_approximate"}
SHAPE, CLASSES, BATCH = (8, 8, 1), ("a", "b", "c"), 4
BATCH_NORM = {
    "mlp": False,
    "dcgan": True,
    "infogan": True,
    "r3gan": False,
    "fastgan": True,
}  # their own default
AT_HOME = ("gan", "mlp")  # the cheapest; objectives and penalties do not know networks
# Plain SGD, as the eager update of one variable is what costs time here.
SMALL = {
    "width": 4,
    "batch_size": BATCH,
    "latent": 16,
    "optimizer": "sgd",
    "momentum": 0.0,
}


def data(rounds=1):
    random = np.random.default_rng(0)
    n = BATCH * rounds
    return {
        "real": tf.constant(random.uniform(-1, 1, (n, *SHAPE)), "float32"),
        "label": tf.constant(random.integers(3, size=n), "int32"),
    }


def build(variant, **fields):
    module = VARIANTS[variant]
    return module.build(module.Config(**(SMALL | fields)), specs.images(SHAPE, CLASSES))


def assert_trains(game, step=None):
    sides = game.max_players(), game.min_players()

    def weights():
        return [[w.numpy() for p in s for w in p.trainable_variables] for s in sides]

    before = weights()
    rounds = game.max_steps
    logs = step() if step else game.train_step(data(rounds))
    assert np.isfinite([float(value) for value in logs.values()]).all(), logs
    for old, new in zip(before, weights(), strict=True):
        assert all(np.isfinite(w).all() for w in new)
        assert any(not np.array_equal(a, b) for a, b in zip(old, new, strict=True))


def refusal(objective, penalty, network, norm):
    """The fields of which one is named in the refusal; none, if it trains."""
    mixes = BATCH_NORM[network] if norm == "own" else norm == "batch"
    free = objective == "wasserstein" and penalty == "none"
    found = {"objective=wasserstein"} if free else set()
    return found | (
        {f"penalty={penalty.split('+')[0]}"} if penalty != "none" and mixes else set()
    )


NETWORKS_KEPT = {}


@pytest.fixture
def one_pair_of_networks(monkeypatch):
    """Networks are built once per architecture and handed from game to game."""

    def kept(player, make):
        def find(config, spec, *inputs, **heads):
            key = player, config.network, config.discriminator_norm, inputs, str(heads)
            if key not in NETWORKS_KEPT:
                NETWORKS_KEPT[key] = make(config, spec, *inputs, **heads)
            return NETWORKS_KEPT[key]

        return find

    for player in ("generator", "discriminator"):
        monkeypatch.setattr(choices, player, kept(player, getattr(choices, player)))


def test_dcgan_is_gan():
    """Its defaults aside; so that the walk need not go there twice."""
    assert dcgan.build is gan.build
    assert vars(dcgan.Config()).keys() == vars(gan.Config()).keys()


# Objectives, penalties and rules do not know variants: each is tried with one of them, and
# the slow run with all.
OF_OTHERS = [pytest.param(one, marks=pytest.mark.slow) for one in ("cgan", "infogan")]


@pytest.mark.parametrize("variant", ["gan", *OF_OTHERS])
@pytest.mark.parametrize(
    "network",
    [
        pytest.param(one, marks=pytest.mark.slow if one in LARGEST else ())
        for one in NETWORKS
    ],
)
@pytest.mark.parametrize("norm", ["own", "layer"])
@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_every_combination(variant, network, norm, stride, one_pair_of_networks):
    """Each is built; all are played by the plain GAN with dense networks.

    Elsewhere a stride of 7 goes down the diagonal of the 6 x 6 pairs: every
    objective and every penalty once. The slow walk, stride 1, plays them all.
    """
    if network in LARGEST and variant != "gan":
        pytest.skip("tests/networks shows its labels and heads")
    if norm == "layer" and not BATCH_NORM[network]:
        pytest.skip("its own norm allows penalties already")
    pairs = list(itertools.product(OBJECTIVES, PENALTIES))
    for i, (objective, penalty) in enumerate(pairs):
        make = functools.partial(
            build,
            variant,
            objective=objective,
            penalty=penalty,
            network=network,
            discriminator_norm=norm,
        )
        fields = refusal(objective, penalty, network, norm)
        if fields:
            with pytest.raises(UserError) as caught:
                make()
            assert caught.value.field in fields
            assert len(str(caught.value)) > 60  # it gives a reason and a way out
        else:
            game = make()
            if (variant, network) == AT_HOME or i % stride == 0:
                assert_trains(game)


def test_the_walk_is_complete():
    """A new name on the command line has to be walked as well."""
    assert set(choices.OBJECTIVES) == set(OBJECTIVES)
    walked = set("+".join(PENALTIES).split("+")) - {"none"}
    assert set(choices.PENALTIES) == walked | APART
    assert set(choices.NETWORKS) == set(NETWORKS)
    assert set(NORMS) == {"own", "layer", "batch", "none"}
    assert set(choices.PRIORS) == {"normal", "uniform"}
    assert set(choices.OPTIMIZERS) == {"adam", "sgd", "rmsprop"}


RULES = [
    {"clip_weights": 0.01, "objective": "wasserstein"},
    {"spectral_norm": True, "objective": "wasserstein"},
    {"spectral_norm": True, "penalty": "r1", "discriminator_norm": "none"},
    {"instance_noise": 0.1},
    {"instance_noise": 0.1, "instance_noise_steps": 2},
    {"pack": 2},
    {"pack": 2, "penalty": "wgan_gp", "discriminator_norm": "layer"},
    {"discriminator_steps": 3},
    {"schedule": "simultaneous"},
    {"schedule": "simultaneous", "objective": "relativistic"},
    {"penalty": "r1", "penalty_interval": 4, "discriminator_norm": "layer"},
    {"ema": 0.9},
    {"optimizer": "adam"},
    {"optimizer": "rmsprop"},
    {"optimizer": "sgd", "momentum": 0.9},
    {"prior": "uniform"},
    {"prior": "normal"},
    {"discriminator_norm": "batch"},
    {"label_smoothing": 0.1},
]


def title(fields):
    return ",".join(f"{name}={value}" for name, value in fields.items())


@pytest.mark.parametrize(
    "variant", ["gan", pytest.param("dcgan", marks=pytest.mark.slow), *OF_OTHERS]
)
@pytest.mark.parametrize("fields", RULES, ids=title)
def test_other_rules(variant, fields):
    if variant == "infogan" and "pack" in fields:
        with pytest.raises(UserError, match="pack=2.*pack=1"):
            build(variant, **fields)
    else:
        assert_trains(build(variant, **fields))


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_smoothing_needs_a_target(objective):
    fields = {"objective": objective, "label_smoothing": 0.1, "clip_weights": 0.1}
    if objective in ("minimax", "nonsaturating", "least_squares"):
        assert build("gan", **fields).objective.smoothing == 0.1
    else:
        with pytest.raises(UserError, match="label_smoothing=0.1.*no target"):
            build("gan", **fields)


@pytest.mark.parametrize("control", [{"clip_weights": 0.01}, {"spectral_norm": True}])
@pytest.mark.parametrize("network", ["mlp", "dcgan", "infogan"])
def test_wasserstein_with_another_control(control, network):
    game = build("gan", objective="wasserstein", network=network, **control)
    assert isinstance(game.objective, choices.OBJECTIVES["wasserstein"])


def test_clipping_bounds_d_and_noise_fades():
    game = build("gan", clip_weights=0.01, instance_noise=0.8, instance_noise_steps=4)
    (noise,), levels = game.augmentations, []
    for _ in range(5):
        levels.append(float(noise.deviation(game.iterations)))
        game.train_step(data())
    assert levels == pytest.approx([0.8, 0.6, 0.4, 0.2, 0.0])
    bounds = [abs(w.numpy()).max() for w in game.discriminator.trainable_variables]
    assert max(bounds) <= 0.01 < abs(game.generator.get_weights()[0]).max()


def test_a_second_ascent_needs_the_alternating_schedule():
    with pytest.raises(UserError, match="discriminator_steps=2"):
        build("gan", schedule="simultaneous", discriminator_steps=2)


@pytest.mark.parametrize("penalty", ["r1", "wgan_gp"])
def test_float16_refuses_a_penalty(penalty, policy):
    policy("mixed_float16")
    with pytest.raises(UserError, match=f"penalty={penalty}.*float16"):
        build("gan", penalty=penalty)


COMPILED = [
    ("gan", "graph", {"objective": "minimax", "discriminator_steps": 2}),
    ("gan", "graph", {"objective": "relativistic", "penalty": "r1+r2", "ema": 0.9}),
    ("cgan", "graph", {"network": "mlp", "pack": 2, "instance_noise": 0.1}),
    ("gan", "xla", {"penalty": "wgan_gp", "penalty_interval": 2, "ema": 0.9}),
    ("cgan", "xla", {"network": "mlp", "pack": 2, "schedule": "simultaneous"}),
    ("infogan", "xla", {"network": "mlp", "clip_weights": 0.1, "instance_noise": 0.1}),
    ("dcgan", "xla", {"objective": "hinge", "spectral_norm": True}),
]


@pytest.mark.parametrize(
    ("variant", "mode", "fields"),
    [
        pytest.param(*one, marks=pytest.mark.slow if one[0] != "gan" else ())
        for one in COMPILED
    ],
)
def test_compiled(variant, mode, fields):
    game = build(variant, **fields)
    game.jit_compile = mode == "xla"
    batches = tf.data.Dataset.from_tensors(data(game.max_steps)).repeat(3)

    def fit():
        history = game.fit(batches, verbose=0).history
        return {name: values[-1] for name, values in history.items()}

    assert_trains(game, fit)
