"""A run that starts from the networks of another one."""

import dataclasses
import json
import shutil

import keras
import numpy as np
import pytest

import kgan
from kgan.configs import gan
from kgan.data import arrays
from kgan.errors import UserError
from kgan.experiments.theory.nash import Bilinear
from kgan.settings import Settings
from kgan.training import initial
from kgan.training.checkpoint import Checkpoints
from kgan.training.loop import Position
from kgan.training.options import Options
from kgan.training.record import Record
from kgan.training.run import Variant, prepare
from kgan.variants import load
from tests.conformance import games
from tests.durability.remains import remains, unlike

NETWORKS = ("discriminator", "generator")
SMALL = {"width": 2, "batch_size": 8}
OPTIONS = {"steps_per_execution": 1, "checkpoint_every": "3steps", "health_every": 5}


def silent(line):
    """Says nothing."""


def images(seed=0, classes=0, shape=(8, 8, 1)):
    generator = np.random.default_rng(seed)
    pixels = generator.integers(0, 256, (40, *shape), np.uint8)
    names = tuple("abcdefg"[:classes])
    labels = np.arange(40) % classes if classes else None
    return arrays.images(pixels, labels, name="noise", classes=names)


def kept(folder, variant="gan", data=None, seed=7, **config):
    """Leaves a run as if it had been trained: weights by chance, after two epochs."""
    module = load(variant)
    options = Options(log=silent, steps_per_execution=1)
    settings = module.Config(**SMALL | {"epochs": 2} | config)
    named = Variant.of(variant, module)
    trainer = prepare(named, data or images(), settings, folder, options)
    generator = np.random.default_rng(seed)
    for network in initial.networks(trainer.game).values():
        for variable in initial.weights(network):
            variable.assign(generator.normal(size=variable.shape))
    folder.mkdir()
    checkpoints = Checkpoints(trainer.game, folder)
    checkpoints.begin(silent)
    checkpoints.save(Position(2, 0), {})
    trainer.record.write(folder)
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """A run of a GAN with a moving average, which is left as it is."""
    return kept(tmp_path_factory.mktemp("other") / "run", ema=0.9)


def prepared(folder, source, data=None, variant="gan", log=silent, **config):
    """The trainer of a run that starts from `source`, which has written nothing."""
    module = load(variant)
    options = Options(init_from=source, log=log, steps_per_execution=1)
    settings = module.Config(**SMALL | {"epochs": 2} | config)
    data = data or images(1)
    return prepare(Variant.of(variant, module), data, settings, folder, options, load)


def values(network):
    return [variable.numpy() for variable in initial.weights(network)]


def same(first, second):
    pairs = zip(first, second, strict=True)
    return all(np.array_equal(one, two) for one, two in pairs)


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


def go(folder, epochs, source, **options):
    data = images(1)
    settings = SMALL | OPTIONS | {"log": silent} | options
    run = kgan.train("gan", data, folder, epochs=epochs, init_from=source, **settings)
    return run.game


@pytest.mark.slow
def test_a_resumed_run_is_exact_and_does_not_need_the_other(other, tmp_path):
    gone = shutil.copytree(other, tmp_path / "gone")
    whole = go(tmp_path / "whole", 2, gone)
    go(tmp_path / "parts", 1, gone)
    shutil.rmtree(gone)
    said = []
    parts = go(tmp_path / "parts", 2, None, log=said.append)  # nor need it be named
    assert not [line for line in said if line.startswith("starts from")]
    assert prepared(tmp_path / "parts", gone).record.init_from["fitted"]
    left, right = (remains(tmp_path / name) for name in ("whole", "parts"))
    odd = {one for one in unlike(right, left) if "epoch-0" not in one}
    assert odd <= {
        *("samples/training.gif", "train samples"),
        *("train config", "train _hparams_/session_start_info"),
    }
    records = [Record.read(tmp_path / name).init_from for name in ("whole", "parts")]
    assert records[0] == records[1] and records[0]["workdir"] == str(gone)
    assert same(values(whole.generator), values(parts.generator))


def begun(trainer):
    """Trains up to the first step, where the process ends."""
    trainer._fit = lambda: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        trainer.train()


def test_the_start_is_saved_before_the_first_step(other, tmp_path):
    trainer = prepared(tmp_path / "run", other, ema=0.9)
    begun(trainer)
    saved, trained = kgan.load(tmp_path / "run"), kgan.load(other)
    for name, network in initial.networks(trained).items():
        assert same(values(network), values(initial.networks(saved)[name]))


def test_a_run_that_was_cut_off_before_its_first_checkpoint_starts_again(
    other, tmp_path
):
    run = tmp_path / "run"
    begun(prepared(run, other, ema=0.9))
    shutil.rmtree(run / "checkpoints")
    again = prepared(run, None, ema=0.9)  # its record names the other
    assert again.record == Record.read(run) and again.record.init_from["fitted"]
    assert same(values(kgan.load(other).generator), values(again.game.generator))


def test_another_start_is_another_run(other, tmp_path):
    copy = shutil.copytree(other, tmp_path / "copy")
    run = tmp_path / "run"
    begun(prepared(run, other))
    with pytest.raises(UserError, match=f"another run .init_from: {other} -> {copy}"):
        prepared(run, copy).train()
    plain = kept(tmp_path / "plain", data=images(1))
    with pytest.raises(UserError, match=f"another run .init_from: None -> {other}"):
        prepared(plain, other).train()


def test_a_run_may_start_anew_from_itself(other, tmp_path):
    copy = shutil.copytree(other, tmp_path / "run")
    trained = values(kgan.load(copy).generator)
    trainer = prepared(copy, copy, data=images(), ema=0.9)
    told = {"workdir": str(copy)}
    assert trainer.record.init_from == told, "without `fresh` it goes on"
    options = dataclasses.replace(trainer.options, fresh=True)
    config = gan.Config(**SMALL, epochs=1, ema=0.9)
    trainer = prepare(Variant.of("gan", gan), images(), config, copy, options, load)
    assert same(trained, values(trainer.game.generator))
    begun(trainer)
    assert (tmp_path / "run-old1" / "run.json").exists()
    assert Record.read(copy).init_from["fitted"]


def test_wrong_places(other, tmp_path):
    with pytest.raises(UserError, match="^init_from=.*nowhere: no run is kept there"):
        prepared(tmp_path / "new", tmp_path / "nowhere")
    (tmp_path / "half").mkdir()
    shutil.copy(other / "run.json", tmp_path / "half")
    with pytest.raises(UserError, match="^init_from=.*half: has no checkpoint yet"):
        prepared(tmp_path / "new", tmp_path / "half")
    record = json.loads((other / "run.json").read_text())
    (tmp_path / "half" / "run.json").write_text(
        json.dumps(record | {"variant": "a.py"})
    )
    with pytest.raises(
        UserError, match="half: holds a run of 'a.py', which is neither"
    ):
        prepared(tmp_path / "new", tmp_path / "half")
    (tmp_path / "half" / "run.json").write_text("{")
    with pytest.raises(UserError, match="^init_from=.*half/run.json: damaged"):
        prepared(tmp_path / "new", tmp_path / "half")
    assert not (tmp_path / "new").exists()


def test_a_game_of_the_user_starts_from_a_run_of_its_kind(tmp_path):
    def play(folder, **options):
        game = Bilinear()
        game.compile(max_optimizer="sgd", min_optimizer="sgd")
        settings = {"batch_size": 1, "epochs": 3, "grids": 1, "log": silent}
        return kgan.train(game, None, tmp_path / folder, **settings | options).game

    first = play("first")
    second = Bilinear(start=(9.0, 9.0))
    second.compile(max_optimizer="sgd", min_optimizer="sgd")
    options = Options(init_from=tmp_path / "first", log=silent)
    settings = Settings(batch_size=1, epochs=1)
    found = prepare(Variant.given(second), None, settings, tmp_path / "second", options)
    assert found.record.init_from["unfitted"] == [] and int(second.iterations) == 0
    for one, two in zip(first.min_players(), second.min_players(), strict=True):
        assert same(values(one), values(two))
    assert second.fields == found.data.fields


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
