"""From the same weights PyTorch's networks answer as kgan's do."""

import dataclasses
import math

import numpy as np
import pytest

from benchmarks.cases import CASES
from benchmarks.peers import kgan_training

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from benchmarks.peers import torch_networks


def game_of(case):
    if case.network == "plane":
        return kgan_training.on_the_ring(case, "off")
    spec = kgan_training.spec(case)
    game = kgan_training.build(case)(kgan_training.config(case), spec)
    game.fields = spec.fields
    return game


@pytest.mark.parametrize("name", ["mlp-100", "ring", "dcgan", "wgan-gp"])
def test_torch_answers_as_kgan_from_the_same_weights(name):
    case = dataclasses.replace(CASES[name], width=4, batch=4, count=40)
    game = game_of(case)
    generator, critic = (
        torch_networks.generator(case),
        torch_networks.discriminator(case),
    )
    copy(game.generator, generator)
    copy(game.discriminator, critic)
    z = np.random.default_rng(0).normal(size=(4, case.latent)).astype("f4")
    # Batch norm of the batch in both; dropout, which each draws for itself, in none.
    normed = case.network == "dcgan"
    x = game.generator({"z": z}, training=normed)
    score = game.discriminator(x, training=normed)
    generator.train(normed), critic.train(normed)
    with torch.no_grad():
        found = generator(torch.from_numpy(z))
        said = critic(found).numpy()
    found = found.movedim(1, -1) if found.ndim == 4 else found
    assert found.numpy() == pytest.approx(x.numpy(), rel=1e-3, abs=1e-5)
    assert said == pytest.approx(score.numpy().ravel(), rel=1e-3, abs=1e-5)


def copy(network, module):
    """Gives `module` the weights of `network`; flat images have channels first there."""
    weights = zip(network.trainable_variables, module.parameters(), strict=True)
    images = [tuple(t.shape[1:]) for layer in network.layers for t in (layer.output,)]
    flat = {math.prod(shape): shape for shape in images if len(shape) == 3}
    for weight, parameter in weights:
        value = weight.numpy()
        if value.ndim == 4:
            value = value.transpose(3, 2, 0, 1)
        elif value.ndim < 3:
            for axis, length in enumerate(value.shape):
                if length in flat:
                    order = np.arange(length).reshape(flat[length]).transpose(2, 0, 1)
                    value = value.take(order.ravel(), axis)
            value = value.T
        parameter.data.copy_(torch.from_numpy(value.copy()))
