"""PyTorch plays the translations that kgan plays, from the same weights as well."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.cases import CASES
from benchmarks.peers import kgan_translation
from benchmarks.peers.kgan_training import bare_work

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from benchmarks.peers import torch_translation, torch_translators

NAMES = "pix2pix", "cyclegan"


def small(name, **changes):
    """The case with narrow networks, small images and few of them."""
    shape = (32, 32, 3)
    changes = {"width": 4, "shape": shape, "count": 4, "pool": 0} | changes
    return dataclasses.replace(CASES[name], **changes)


def game_of(case):
    config, spec = kgan_translation.config(case), kgan_translation.spec(case)
    game = kgan_translation.variant(case).build(config, spec)
    game.fields = spec.fields
    return game


@pytest.fixture(scope="module", params=NAMES)
def games(request):
    """(case, kgan's game, PyTorch's with the same weights, mirrored)."""
    torch.set_num_threads(1)
    case = small(request.param)
    ours, other = game_of(case), torch_translation.Game(case)
    players = zip(
        [*ours.min_players(), *ours.max_players()],
        [*other.generators, *other.discriminators],
        strict=True,
    )
    for network, module in players:
        copy(network, module)
    return case, ours, other


def copy(network, module):
    """Gives `module` the weights of `network`, left for right and top for bottom.

    A 3x3 kernel with stride 2 has its padding at the end in Keras, before the
    beginning in PyTorch: mirrored, the two are the same.
    """
    weights = zip(network.trainable_variables, module.parameters(), strict=True)
    for weight, parameter in weights:
        value = weight.numpy()
        if value.ndim == 4:
            value = value[::-1, ::-1].transpose(3, 2, 0, 1)
        parameter.data.copy_(torch.from_numpy(value.copy()))


def mirrored(images):
    """(n, H, W, C) as `copy`'s networks take them."""
    turned = images[:, ::-1, ::-1].transpose(0, 3, 1, 2)
    return torch.from_numpy(turned.copy())


def images(case):
    draw = np.random.default_rng(0)
    return [draw.uniform(-1, 1, (2, *case.shape)).astype("f4") for _ in range(2)]


def test_as_many_numbers_to_learn(games):
    case, ours, other = games
    found = [
        sum(p.numel() for p in player.parameters())
        for player in (*other.generators, *other.discriminators)
    ]
    assert found == kgan_translation.facts(case, ours)["parameters"]


def test_losses_are_those_of_kgan(games):
    case, ours, other = games
    source, real = images(case)
    for network in other.generators:
        network.eval()  # without dropout, which each draws for itself
    for part in ours.min_players():
        for layer in part.layers:
            if hasattr(layer, "rate"):
                layer.rate = 0.0
    given = mirrored(source), mirrored(real)
    fakes = other.translate(*given)
    found = other.max_loss(*given, *fakes), other.min_loss(*given, *fakes)
    played = ours.forward({"source": tf.constant(source), "real": tf.constant(real)})
    terms = ours.max_terms(played), ours.min_terms(played)
    wanted = [sum(float(tf.reduce_mean(t)) for t in one.values()) for one in terms]
    assert [one.item() for one in found] == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_operations_are_those_that_torch_counts(name):
    from torch.utils.flop_counter import FlopCounterMode

    case = small(name)
    game = torch_translation.Game(case)
    with FlopCounterMode(display=False) as counter:
        game.step()
    wanted = kgan_translation.facts(case, game_of(case))["operations"]
    assert counter.get_total_flops() == pytest.approx(wanted)


@pytest.mark.parametrize(("name", "last"), [("pix2pix", True), ("cyclegan", False)])
def test_torch_plays_a_round(name, last):
    case = small(name, pool=1)
    game = torch_translation.Game(case, channels_last=last)
    before = [w.detach().clone() for w in (*game.g_weights, *game.d_weights)]
    game.step()
    game.step()
    after = [*game.g_weights, *game.d_weights]
    assert torch.isfinite(game.losses).all() and (game.losses != 0).all()
    # The bias before an instance norm has a gradient of 0, up to rounding.
    moved = [(a != b).any() for a, b in zip(after, before, strict=True) if a.ndim > 1]
    assert all(moved)


def test_a_pool_shows_old_ones_as_well():
    torch_translation.random.seed(0)
    pool = torch_translation.Pool(2)
    shown = [float(pool(torch.full((1, 1, 1, 1), float(i)))) for i in range(100)]
    assert shown[:2] == [0.0, 1.0]
    old = [i for i, one in enumerate(shown) if one != i]
    assert 30 < len(old) < 70
    assert all(shown[i] < i for i in old)


def test_bare_step_moves_both_players():
    case = small("pix2pix")
    game = game_of(case)
    game.steps_per_execution = 1
    players = [*game.min_players(), *game.max_players()]
    before = [player.get_weights() for player in players]
    bare_work(game, kgan_translation.batch(case))()
    after = [player.get_weights() for player in players]
    for old, new in zip(before, after, strict=True):
        assert any((a != b).any() for a, b in zip(old, new, strict=True))


def test_torch_has_the_networks_at_full_size():
    """The sides of D's map of scores, and 6 blocks at 128 pixels."""
    case = small("cyclegan", shape=(128, 128, 3))
    network, judge = (
        torch_translators.generator(case),
        torch_translators.discriminator(case),
    )
    game = game_of(case)
    with torch.no_grad():
        scores = judge(network(torch.zeros(1, 3, 128, 128)))
    assert tuple(scores.shape[1:]) == game.to_y.discriminator.output_shape[1:]
    found = [sum(p.numel() for p in one.parameters()) for one in (network, judge)]
    counts = kgan_translation.facts(case, game)["parameters"]
    assert found == [counts[0], counts[2]]
