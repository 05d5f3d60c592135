"""What the R3GAN variant makes of its fields."""

import dataclasses

import pytest

from kgan.configs import r3gan
from kgan.data import Field
from kgan.data.kinds import Label
from kgan.errors import UserError
from kgan.models import CGAN, GAN
from kgan.optimizers import Adam
from kgan.training.options import Options
from kgan.training.tuning import tune
from tests import specs

SMALL = {"width": 2, "widest": 2, "batch_size": 10}


def build(shape=(8, 8, 1), classes=(), **fields):
    return r3gan.build(r3gan.Config(**SMALL | fields), specs.images(shape, classes))


def test_one_cosine_counted_in_images():
    """1,000 images in rounds of 10: 100 iterations; half of the cosine at 50."""
    game = build(cosine_images=1000, penalty_weight=4.0, ema_share=0.2)
    rates = [game.min_optimizer.learning_rate, game.max_optimizer.learning_rate]
    assert [float(rate) for rate in rates] == pytest.approx([2e-4, 2e-4])
    optimizer = game.max_optimizer
    assert type(optimizer) is Adam and optimizer.beta_1 == 0.0
    assert optimizer.epsilon == 1e-8
    middle, end = 50, 100
    schedule = optimizer._learning_rate
    assert float(schedule(middle)) == pytest.approx(2e-4 * (1 + 0.25) / 2)
    assert [float(schedule(n)) for n in (end, 200)] == pytest.approx([5e-5, 5e-5])
    betas = [float(optimizer.beta_2(n)) for n in (0, middle, end)]
    assert betas == pytest.approx([0.9, 0.945, 0.99])
    for penalty in game.penalties:
        gammas = [float(penalty.weight(n)) for n in (0, middle, end)]
        assert gammas == pytest.approx([4.0, 2.2, 0.4])
    decays = [float(game.ema(n)) for n in (0, middle, end)]
    assert decays == pytest.approx([0.0, 0.5 ** (10 / 100), 0.5 ** (10 / 200)])


def test_gamma_by_the_size_is_for_squared_gradients_alone():
    game = build((68, 8, 1), penalty="r1+wgan_gp", cosine_images=1000)
    weights = {one.name: float(one.weight(0)) for one in game.penalties}
    assert weights == {"r1": 17.0, "wgan_gp": 10.0}


def test_the_whole_run_is_the_cosine_unless_it_is_told():
    """30 epochs of 7 rounds of 10 images."""
    assert r3gan.Config(**SMALL, epochs=30).resolved(7).cosine_images == 2100
    told = r3gan.Config(**SMALL, epochs=30, cosine_images=500).resolved(7)
    assert told.cosine_images == 500


@pytest.mark.parametrize(
    ("shape", "gamma"), [((8, 8), 1), ((32, 32), 1), ((28, 64), 2), ((68, 8), 17)]
)
def test_gamma_is_by_the_size(shape, gamma):
    game = build((*shape, 1))
    assert {one.name: float(one.weight(0)) for one in game.penalties} == {
        "r1": gamma,
        "r2": gamma,
    }


@pytest.mark.parametrize(
    ("classes", "asked", "kind"),
    [
        (("a", "b"), "auto", CGAN),
        ((), "auto", GAN),
        (("a", "b"), "yes", CGAN),
        (("a", "b"), "no", GAN),
    ],
)
def test_labels_are_used_where_there_are_some(classes, asked, kind):
    assert type(build(classes=classes, conditional=asked)) is kind


def test_combinations_of_attributes_are_classes_of_parts():
    spec = specs.images((8, 8, 1), tuple("abcdef"))
    combined = Field((), "int64", Label((2, 3)))
    spec = dataclasses.replace(spec, fields=spec.fields | {"label": combined})
    game = r3gan.build(r3gan.Config(**SMALL, condition="shape,colour"), spec)
    assert len(game.classes) == 6
    parts, numbers = game.generator, build(classes=tuple("abcdef")).generator
    assert parts.count_params() == numbers.count_params() - r3gan.Config.latent


def test_d_reads_each_attribute_of_a_combination():
    spec = specs.images((8, 8, 1), tuple("abcdef"))
    combined = Field((), "int64", Label((2, 3)))
    spec = dataclasses.replace(spec, fields=spec.fields | {"label": combined})
    game = r3gan.build(r3gan.Config(**SMALL, label_weight=0.5), spec)
    widths = {k: v.shape[-1] for k, v in game.discriminator.output.items()}
    assert widths["attribute_0"] == 2 and widths["attribute_1"] == 3
    assert game.label_weight == 0.5


def test_other_optimizers_and_networks():
    game = build(optimizer="rmsprop", network="mlp", widest=128, ema_share=0.0, ema=0.5)
    assert game.ema == 0.5 and float(game.min_optimizer.rho) == 0.9


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"conditional": "yes"}, "conditional=yes: the data set has no labels"),
        ({"condition": "a", "conditional": "no"}, "condition=a: .*conditional=no"),
        ({"ema": 0.9}, "ema=0.9: has no effect with ema_share=0.05"),
        ({"network": "mlp", "widest": 64}, "widest=64: has no effect with network=mlp"),
        ({"optimizer": "sgd", "beta_2_end": 0.5}, "beta_2_end=0.5.*optimizer=sgd"),
        ({"penalty": "none", "penalty_end": 0.5}, "penalty_end=0.5.*penalty=none"),
        ({"label_weight": 1.0}, "label_weight=1.0: there are no labels to read"),
        (
            {"classes": ("a", "b"), "label_weight": 1.0, "pack": 2},
            "label_weight=1.0: .*one picture.*pack=1",
        ),
        ({"spectral_norm": True}, "spectral_norm: R3GAN's blocks begin with"),
    ],
)
def test_what_does_not_go_together(fields, words):
    with pytest.raises(UserError, match=words):
        build(**fields)


def test_xla_is_refused_on_a_cpu_with_the_reason():
    game = build()
    with pytest.raises(UserError, match="jit=on.*GroupedConv2D.*hundreds.*use jit=off"):
        tune(game, Options(jit="on"), 10)
    tune(game, Options(), 10)
    assert game.jit_compile is False
