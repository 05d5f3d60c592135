"""What a run takes over from the networks of another one, and what does not fit."""

import keras
import numpy as np
import pytest

import kgan
from kgan.configs import gan
from kgan.errors import UserError
from kgan.training import initial
from kgan.training.options import Options
from kgan.training.run import Variant, prepare
from kgan.variants import load
from tests.conformance import games
from tests.training.initial_cases import (
    SMALL,
    images,
    kept,
    prepared,
    same,
    silent,
    values,
)

NETWORKS = ("discriminator", "generator")


def test_networks_and_averages_are_those_of_the_other_run(other, tmp_path):
    said, trained = [], kgan.load(other)
    new = {"ema": 0.9, "batch_size": 10, "generator_rate": 1e-5, "seed": 3}
    found = prepared(tmp_path, other, log=said.append, **new)
    for name, network in initial.networks(trained).items():
        assert same(values(network), values(initial.networks(found.game)[name])), name
    assert int(found.game.iterations) == 0, "rates and all that follows begin anew"
    assert not any(v.numpy().any() for v in found.game.min_optimizer.variables[2:])
    count = sum(map(len, map(values, initial.networks(trained).values())))
    line = f"starts from {other} after epoch 2: {count} of {count} variables fit"
    assert said.count(line) == 1
    assert found.record.init_from == {
        "workdir": str(other),
        "variant": "gan",
        "epoch": 2,
        "step": 0,
        "variables": count,
        "fitted": count,
        "unfitted": [],
    }
    assert not list(tmp_path.iterdir())


def test_an_average_that_the_other_run_lacks_starts_from_its_network(tmp_path):
    without = kept(tmp_path / "without", ema=0.0)
    found = prepared(tmp_path / "new", without, ema=0.9)
    trained = values(kgan.load(without).generator)
    assert same(trained, values(found.game.generator))
    assert same(trained, values(found.game.ema_generator))
    assert found.record.init_from["unfitted"] == []


def test_what_does_not_fit_is_named(other, tmp_path):
    """Colour changes the ends of both networks, and nothing in between."""
    said = []
    found = prepared(tmp_path, other, images(1, shape=(8, 8, 3)), log=said.append)
    told = found.record.init_from
    assert 0 < len(told["unfitted"]) < told["fitted"]
    assert told["fitted"] + len(told["unfitted"]) == told["variables"]
    assert f"{told['fitted']} of {told['variables']} variables fit; not " in said[-1]
    assert told["unfitted"][0] in said[-1]
    trained = kgan.load(other)
    mine, theirs = (values(one.generator) for one in (found.game, trained))
    fits = [a.shape == b.shape for a, b in zip(mine, theirs, strict=True)]
    assert not all(fits)
    for one, two, fit in zip(mine, theirs, fits, strict=True):
        assert np.array_equal(one, two) == fit


def test_a_variant_with_further_layers_takes_the_others(other, tmp_path):
    data = images(1, classes=3)
    found = prepared(tmp_path, other, data, variant="cgan", ema=0.9, network="mlp")
    told = found.record.init_from
    assert told["variant"] == "gan" and told["fitted"] > 3 * len(told["unfitted"]) > 0
    assert all("kernel" in name for name in told["unfitted"]), (
        "those that see the label"
    )
    known = {value.tobytes() for value in values(kgan.load(other).generator)}
    own = {value.tobytes() for value in values(found.game.generator)}
    assert known & own


def test_other_classes_leave_all_but_their_embedding(tmp_path):
    first = kept(tmp_path / "first", "cgan", images(0, classes=2))
    told = prepared(
        tmp_path / "new", first, images(1, classes=5), "cgan"
    ).record.init_from
    assert told["unfitted"] and told["fitted"] > len(told["unfitted"])
    # What depends on the number of classes has 5 of something here.
    assert all("5" in name.partition(" ")[2] for name in told["unfitted"])


@pytest.mark.parametrize("change", [{"width": 3}, {"network": "dcgan"}])
def test_networks_of_which_nothing_fits_are_an_error(other, tmp_path, change):
    with pytest.raises(UserError, match="^init_from=.*run: .* do not fit") as error:
        prepared(tmp_path / "new", other, **change)
    assert not (tmp_path / "new").exists() and "no kernel" in str(error.value)


def test_precision_stays_that_of_the_new_run(other, tmp_path, policy):
    policy("mixed_bfloat16")
    module = Variant.of("gan", gan)
    config = gan.Config(**SMALL, epochs=1, ema=0.9)
    options = Options(init_from=other, log=silent, precision="mixed_bfloat16")
    found = prepare(module, images(1), config, tmp_path, options, load)
    assert keras.config.dtype_policy().name == "mixed_bfloat16"
    assert same(values(kgan.load(other).generator), values(found.game.generator))


def test_both_ways_of_a_translation_start_from_another():
    first, second = (games.build("cyclegan", seed=seed) for seed in (0, 1))
    found = initial.networks(first)
    parts = [f"{way}.{one}" for way in ("to_x", "to_y") for one in NETWORKS]
    assert sorted(found) == sorted(parts)
    given = {
        name: [(v.name, v.numpy()) for v in initial.weights(network)]
        for name, network in found.items()
    }
    fitted, unfitted, kernels = initial.fit(second, given)
    assert (fitted, unfitted, kernels) == (sum(map(len, given.values())), [], True)
    for name, network in initial.networks(second).items():
        assert same(values(network), values(found[name]))


def test_layers_are_matched_by_their_longest_runs():
    own = [("kernel", (3, 2)), ("bias", (2,)), ("kernel", (2, 2)), ("bias", (2,))]
    theirs = [(name, np.full(shape, i)) for i, (name, shape) in enumerate(own)]
    longer = [("kernel", (7, 3)), *own]
    found = initial._partners(longer, theirs)
    assert found[0] is None
    assert [int(value.flat[0]) for value in found[1:]] == [0, 1, 2, 3]
    assert [v is None for v in initial._partners(own[:2], theirs[2:])] == [True, False]
    assert initial._partners(own, []) == [None] * 4
