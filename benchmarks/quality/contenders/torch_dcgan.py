"""The DCGAN of PyTorch's tutorial and examples, written anew from its recipe.

64x64, z 100, 64 channels, transposed convolutions from 512 channels on; batch norm in both,
no bias, weights N(0, .02) and N(1, .02); cross-entropy, Adam 2e-4 (.5, .999), batches of
128; D learns from real and from generated images one after the other, and G from the same
generated images. G draws samples in training mode, as there.
`small` leaves the widest layer of each network out, for 32x32.
"""

import os

import numpy as np
import torch
from torch import nn

LATENT, WIDTH, BATCH = 100, 64, 128
RATE, BETAS = 2e-4, (0.5, 0.999)
DRAWN = 100


def generator(channels, small=False):
    """Builds G: z (n, 100, 1, 1) -> images in [-1, 1]."""
    filters = [WIDTH * factor for factor in ((4, 2, 1) if small else (8, 4, 2, 1))]
    parts, before = [], LATENT
    for number, after in enumerate(filters):
        stride, padding = (2, 1) if number else (1, 0)
        parts += [nn.ConvTranspose2d(before, after, 4, stride, padding, bias=False)]
        parts += [nn.BatchNorm2d(after), nn.ReLU(True)]
        before = after
    last = nn.ConvTranspose2d(before, channels, 4, 2, 1, bias=False)
    return nn.Sequential(*parts, last, nn.Tanh())


def discriminator(channels, small=False):
    """Builds D: images -> probabilities (n, 1, 1, 1) that they are real."""
    parts, before = [], channels
    for factor in (1, 2, 4) if small else (1, 2, 4, 8):
        parts.append(nn.Conv2d(before, WIDTH * factor, 4, 2, 1, bias=False))
        parts += [nn.BatchNorm2d(WIDTH * factor)] if factor > 1 else []
        parts.append(nn.LeakyReLU(0.2, inplace=True))
        before = WIDTH * factor
    last = nn.Conv2d(before, 1, 4, 1, 0, bias=False)
    return nn.Sequential(*parts, last, nn.Sigmoid())


def train(images, watch, task, *, small=False):
    """Trains until the watch has enough, on as many threads as there are cores."""
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    torch.manual_seed(task.seed)
    images = torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2)))
    watch.start()
    g, d = (make(images.shape[1], small) for make in (generator, discriminator))
    g.apply(_started)
    d.apply(_started)
    steps = [torch.optim.Adam(one.parameters(), RATE, BETAS) for one in (g, d)]

    def draw(n):
        return _drawn(g, n)

    seen = 0
    for batch in _batches(images):
        _step(g, d, *steps, batch)
        seen += len(batch)
        if not watch.goes_on(seen, draw):
            return {
                "versions": {"torch": torch.__version__},
                "threads": torch.get_num_threads(),
            }
    raise AssertionError("the batches have no end")


def _step(g, d, g_adam, d_adam, real):
    loss = nn.functional.binary_cross_entropy
    d.zero_grad()
    fake = g(torch.randn(len(real), LATENT, 1, 1))
    one, zero = torch.ones(len(real)), torch.zeros(len(real))
    loss(d(real).view(-1), one).backward()
    loss(d(fake.detach()).view(-1), zero).backward()
    d_adam.step()
    g.zero_grad()
    loss(d(fake).view(-1), one).backward()
    g_adam.step()


def _batches(images):
    """Batches in [-1, 1], in a new order every pass, without end."""
    while True:
        for chosen in torch.randperm(len(images)).split(BATCH):
            yield images[chosen].float() / 127.5 - 1


def _drawn(g, n):
    with torch.no_grad():
        parts = [
            g(torch.randn(min(DRAWN, n - start), LATENT, 1, 1))
            for start in range(0, n, DRAWN)
        ]
    pixels = (torch.cat(parts) + 1) * 127.5
    return pixels.round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()


def _started(module):
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)
