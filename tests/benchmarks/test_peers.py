"""Every peer has the same networks and the same losses.

At full width the runner itself compares them, in every pair.
"""

import dataclasses
import math
import types

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.cases import ALL, CASES
from benchmarks.peers import (
    keras_networks,
    keras_passes,
    keras_training,
    kgan_passes,
    kgan_training,
)
from kgan.objectives import NonSaturating, Wasserstein
from kgan.penalties import WGANGP

try:
    import torch

    from benchmarks.peers import torch_networks, torch_passes, torch_training

    torch.set_num_threads(1)  # more would wait for each other
except ImportError:
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")
TRAINING = [
    case.name for case in ALL if case.kind == "training" and case.name != "mlp-1024"
]
PLAYED = "mlp-100", "infogan", "wgan-gp", "ring"  # each is another way in the code
REAL, FAKE = np.float32([0.3, -2.0, 5.0]), np.float32([-1.0, 0.5, 4.0])


def small(name):
    """The case with narrow networks and few images."""
    return dataclasses.replace(CASES[name], width=4, batch=4, count=40)


def game_of(case):
    if case.network == "plane":
        return kgan_training.on_the_ring(case, "off")
    spec = kgan_training.spec(case)
    game = kgan_training.build(case)(kgan_training.config(case), spec)
    game.fields = spec.fields
    return game


@pytest.fixture(scope="module")
def facts():
    """A function: case -> what kgan says of its networks."""
    known = {}

    def of(case):
        if case not in known:
            known[case] = kgan_training.facts(case, game_of(case))
        return known[case]

    return of


@pytest.mark.parametrize("name", TRAINING)
def test_keras_has_the_same_networks(name, facts):
    case = small(name)
    players = keras_networks.generator(case), keras_networks.discriminator(case)
    found = keras_training.facts(*players, shape=players[0].output_shape[1:])
    assert found["parameters"] == facts(case)["parameters"]
    assert found["shape"] == facts(case)["shape"]


@needs_torch
@pytest.mark.parametrize("name", TRAINING)
def test_torch_has_the_same_networks(name, facts):
    case = small(name)
    players = torch_networks.generator(case), torch_networks.discriminator(case)
    found = torch_training.facts(*players, shape=case.shape)
    assert found["parameters"] == facts(case)["parameters"]
    images = players[0](torch_training.draw(case, 4))
    shape = images.movedim(1, -1).shape if images.ndim == 4 else images.shape
    assert list(shape) == [4, *facts(case)["shape"]]
    assert players[1](images).shape == (4,)


def test_classifiers_are_the_same():
    case = dataclasses.replace(CASES["fid"], count=1)
    parameters = kgan_passes.facts(case, kgan_passes.classifier(case))["parameters"]
    _, logits = keras_networks.classifier(case)
    assert keras_training.facts(logits, shape=())["parameters"] == parameters
    if torch:
        network = torch_networks.classifier(case)
        assert torch_training.facts(network, shape=())["parameters"] == parameters


@needs_torch
@pytest.mark.parametrize(
    ("name", "channels_last"), [*((name, False) for name in PLAYED), ("infogan", True)]
)
def test_torch_plays_a_round(name, channels_last):
    case = small(name)
    game = torch_training.Game(case, channels_last)
    before = [p.detach().clone() for p in game.generator.parameters()]
    game.step()
    assert torch.isfinite(game.losses).all() and (game.losses != 0).all()
    after = list(game.generator.parameters())
    assert all((a != b).any() for a, b in zip(after, before, strict=True))
    # G's gradient passes through D without leaving anything there.
    assert not any(p.requires_grad for p in game.discriminator.parameters())


@needs_torch
@pytest.mark.parametrize("name", PLAYED)
def test_torch_plays_a_round_in_bfloat16(name):
    case = small(name)
    torch.manual_seed(0)
    exact = torch_training.Game(case, channels_last=case.convolutional)
    torch.manual_seed(0)
    short = torch_training.Game(case, case.convolutional, autocast=True)
    seen = []
    layers = [
        module
        for player in short.players
        for module in player.modules()
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d))
    ]
    for layer in layers:
        layer.register_forward_hook(lambda _, __, out: seen.append(out.dtype))
    for game in (exact, short):
        torch.manual_seed(1)
        game.step()
    assert set(seen) == {torch.bfloat16} and len(seen) >= len(layers)
    assert short.losses.dtype == torch.float32
    np.testing.assert_allclose(short.losses, exact.losses, rtol=0.05)
    assert all(p.dtype == torch.float32 for p in short.generator.parameters())


@needs_torch
@pytest.mark.parametrize("name", ["mlp-100", "dcgan", "infogan"])
def test_operations_are_those_that_torch_counts(name, facts):
    from torch.utils.flop_counter import FlopCounterMode

    case = small(name)
    game = torch_training.Game(case)
    with FlopCounterMode(display=False) as counter:
        game.step()
    assert counter.get_total_flops() == pytest.approx(facts(case)["operations"])


@pytest.mark.parametrize("name", ["infogan", "wgan-gp"])
def test_keras_plays_a_round(name):
    case = small(name)
    game = keras_training.game_of(case)
    before = game.generator.get_weights()
    real = next(iter(keras_training.data(case)))
    logs = game.train_step(real)
    assert all(math.isfinite(float(value)) for value in logs.values())
    after = game.generator.get_weights()
    assert any((a != b).any() for a, b in zip(after, before, strict=True))


@pytest.mark.parametrize("name", ["mlp-100", "wgan-gp"])
def test_losses_are_those_of_kgan(name):
    case = CASES[name]
    objective = Wasserstein() if case.critic else NonSaturating()
    wanted = [
        tf.reduce_mean(objective.discriminator(REAL, FAKE)),
        tf.reduce_mean(objective.generator(None, FAKE)),
    ]
    real, fake = REAL, FAKE
    found = keras_training.discriminator_loss(case, real, fake)
    assert float(found) == pytest.approx(float(wanted[0]), rel=1e-5)
    found = keras_training.generator_loss(case, fake)
    assert float(found) == pytest.approx(float(wanted[1]), rel=1e-5)
    if torch:
        real, fake = map(torch.from_numpy, (REAL, FAKE))
        found = torch_training.discriminator_loss(case, real, fake)
        assert float(found) == pytest.approx(float(wanted[0]), rel=1e-5)
        found = torch_training.generator_loss(case, fake)
        assert float(found) == pytest.approx(float(wanted[1]), rel=1e-5)


def test_code_losses_are_those_of_kgan():
    case = small("infogan")
    generator = np.random.default_rng(0)
    heads = [generator.normal(size=(4, n)).astype("f4") for n in (10, 2)]
    z = np.array(keras_training.game_of(case).draw(4))
    game = game_of(case)

    answer = {"category_0": heads[0], "continuous": heads[1]}
    played = types.SimpleNamespace(latent={"z": tf.constant(z)}, answer=answer)
    terms = game._information(played)
    wanted = float(sum(tf.reduce_mean(term) for term in terms.values()))
    assert float(keras_training.code_loss(case, heads, z)) == pytest.approx(wanted)
    if torch:
        parts = [torch.from_numpy(part) for part in (*heads, z)]
        found = torch_training.code_loss(case, parts[:2], parts[2])
        assert float(found) == pytest.approx(wanted, rel=1e-5)


def test_penalties_are_those_of_kgan(monkeypatch):
    """Of a critic that is |x|^2: its gradient is 2 x."""
    x = np.float32(np.random.default_rng(0).normal(size=(5, 4, 4, 1)))

    def squared(tensor):
        return tf.reduce_sum(tensor * tensor, [1, 2, 3])

    between = tf.constant(x)
    wanted = float(tf.reduce_mean(WGANGP(1.0)(squared, between, between, (0, 0))))
    found = keras_training.gradient_penalty(lambda y: (squared(y), []), between)
    assert float(found) == pytest.approx(wanted, rel=1e-5)
    for compiling in (False, True) if torch else ():
        monkeypatch.setattr(torch.compiler, "is_compiling", lambda now=compiling: now)
        found = torch_training.gradient_penalty(
            lambda y: y.square().sum((1, 2, 3)), torch.from_numpy(x)
        )
        assert found.item() == pytest.approx(wanted, rel=1e-5)


@needs_torch
def test_penalties_move_the_critic_alike_compiled_or_not(monkeypatch):
    case = small("wgan-gp")
    critic, images = torch_networks.discriminator(case), torch.rand(4, 1, 28, 28)
    found = []
    for compiling in (False, True):
        monkeypatch.setattr(torch.compiler, "is_compiling", lambda now=compiling: now)
        critic.zero_grad()
        torch_training.gradient_penalty(critic, images).backward()
        weights = [w for w in critic.parameters() if w.ndim > 1]
        found.append(torch.cat([w.grad.ravel() for w in weights]).numpy())
    assert np.abs(found[0]).max() > 1e-4
    assert found[0] == pytest.approx(found[1], rel=1e-3, abs=1e-6)


@needs_torch
def test_penalty_costs_torch_four_forward_passes():
    """And not six, as with its own leaky rectifier."""
    from torch.utils.flop_counter import FlopCounterMode

    case = small("wgan-gp")
    critic = torch_networks.discriminator(case)
    images = torch.rand(4, 1, 28, 28)
    with FlopCounterMode(display=False) as forward:
        critic(images)
    with FlopCounterMode(display=False) as penalty:
        # The counter does not take a module whose input is asked for its gradient.
        found = torch_training.gradient_penalty(lambda x: critic(1.0 * x), images)
        found.backward()
    assert penalty.get_total_flops() <= 4 * forward.get_total_flops()


def test_distances_are_those_of_kgan():
    from kgan.metrics import Moments, frechet_distance

    generator = np.random.default_rng(0)
    rows = [generator.normal(size=(50, 5)) + i for i in range(2)]
    wanted = frechet_distance(*(Moments().add(one) for one in rows))
    plain = [part for one in rows for part in (one.mean(0), np.cov(one, rowvar=False))]
    assert keras_passes.frechet_distance(*plain) == pytest.approx(wanted)
    if torch:
        streamed = [
            part
            for one in rows
            for part in torch_passes.moments(lambda x: x, torch.from_numpy(one), 16)
        ]
        assert torch_passes.frechet_distance(*streamed) == pytest.approx(wanted)


def test_bare_step_moves_both_players():
    case = small("mlp-100")
    game = game_of(case)
    game.steps_per_execution = 2
    weights = [*game.generator.get_weights(), *game.discriminator.get_weights()]
    kgan_training.bare_work(game, kgan_training.batch(case))()
    after = [*game.generator.get_weights(), *game.discriminator.get_weights()]
    assert all((a != b).any() for a, b in zip(after, weights, strict=True))
    assert int(game.min_optimizer.iterations) == 2


def test_operations_are_of_one_step_of_a_batch(facts):
    case = small("ring")
    twice = dataclasses.replace(case, batch=8)
    assert facts(twice)["operations"] == 2 * facts(case)["operations"]


@needs_torch
def test_torch_goes_on_with_the_faster_number_of_threads(monkeypatch):
    chosen = [2]
    monkeypatch.setattr(torch, "set_num_threads", chosen.append)
    monkeypatch.setattr(torch, "get_num_threads", lambda: chosen[-1])
    for slower in (1, 2):
        chosen.append(2)
        hands = [0.0]

        def step(hands=hands, slower=slower):
            hands[0] += 2.0 if chosen[-1] == slower else 1.0

        found = torch_training.settle_threads(step, now=lambda hands=hands: hands[0])
        assert found == 3 - slower
