"""R3GAN in PyTorch: the networks and the step of `kgan.networks.r3gan`, for a GPU or a CPU."""

import contextlib
import math

import torch
from torch import nn
from torch.nn import functional

from benchmarks.peers.torch_networks import Leaky, levels

GROUP = 16
GAIN = math.sqrt(2.0 / (1.0 + 0.2**2))


class Block(nn.Module):
    """A residual block: 1x1, 3x3 in groups, 1x1; it begins as the identity."""

    def __init__(self, channels, total):
        super().__init__()
        wide, gain = 2 * channels, GAIN * total ** (-1 / 4)
        groups = wide // math.gcd(GROUP, wide)
        self.first = convolution(channels, wide, gain, bias=True)
        self.second = convolution(wide, wide, gain, side=3, groups=groups, bias=True)
        self.third = convolution(wide, channels, 0.0)
        self.leaky = Leaky(0.2)

    def forward(self, x):
        y = self.leaky(self.first(x))
        y = self.leaky(self.second(y))
        return x + self.third(y)


class Up(nn.Module):
    """Doubles height and width; the border is repeated."""

    def forward(self, x):
        return functional.interpolate(x, scale_factor=2, mode="bilinear")


class Down(nn.Module):
    """Halves height and width with the filter [1, 3, 3, 1]; the border is repeated."""

    def forward(self, x):
        taps = torch.tensor([1.0, 3.0, 3.0, 1.0], device=x.device, dtype=x.dtype) / 8
        kernel = (taps[:, None] * taps).expand(x.shape[1], 1, 4, 4)
        # Not `pad`, whose replication the compiler has no second gradient of.
        padded = torch.cat([x[:, :, :1], x, x[:, :, -1:]], 2)
        padded = torch.cat([padded[..., :1], padded, padded[..., -1:]], 3)
        return functional.conv2d(padded, kernel, stride=2, groups=x.shape[1])


class Maps(nn.Module):
    """Turns each number into a multiple of a learned map."""

    def __init__(self, channels, side):
        super().__init__()
        self.basis = nn.Parameter(torch.randn(channels, side, side))

    def forward(self, x):
        return x[:, :, None, None] * self.basis


class Sums(nn.Module):
    """Sums each channel with learned weights."""

    def __init__(self, channels, side):
        super().__init__()
        self.basis = nn.Parameter(torch.randn(channels, side, side) / side)

    def forward(self, x):
        return (x.float() * self.basis).sum((2, 3))


def convolution(before, after, gain=1.0, side=1, groups=1, bias=False):
    """Returns a convolution whose kernel begins as N(0, gain / sqrt(fan-in))."""
    made = nn.Conv2d(before, after, side, padding=side // 2, groups=groups, bias=bias)
    nn.init.normal_(made.weight, std=gain / math.sqrt(made.weight[0].numel()))
    if bias:
        nn.init.zeros_(made.bias)
    return made


def linear(before, after):
    """Returns a dense layer without bias that begins as N(0, 1 / sqrt(inputs))."""
    made = nn.Linear(before, after, bias=False)
    nn.init.normal_(made.weight, std=before**-0.5)
    return made


def networks(widths, side, channels=3, latent=64, blocks=1):
    """Returns G and D of square images.

    Args:
        widths: channels of the stages, the largest images first.
        side: of the images.
        channels: of the images.
        latent: numbers in z.
        blocks: residual blocks of a stage.
    """
    _, left = levels(side)
    total = blocks * len(widths)
    layers = [linear(latent, widths[-1]), Maps(widths[-1], left)]
    for stage, width in enumerate(widths[::-1]):
        if stage:
            before = widths[-stage]
            layers += [convolution(before, width)] if before != width else []
            layers.append(Up())
        layers += [Block(width, total) for _ in range(blocks)]
    generator = nn.Sequential(*layers, convolution(widths[0], channels))
    layers = [convolution(channels, widths[0])]
    for stage, width in enumerate(widths):
        if stage:
            layers.append(Down())
            before = widths[stage - 1]
            layers += [convolution(before, width)] if before != width else []
        layers += [Block(width, total) for _ in range(blocks)]
    layers += [Sums(widths[-1], left), linear(widths[-1], 1), nn.Flatten(0)]
    return generator, nn.Sequential(*layers)


class Plain:
    """A non-saturating game on one batch that stays, as DCGAN plays it.

    Args:
        players: G and D.
        images: uint8 (n, C, H, W).
        latent: numbers in z.
        amp: whether networks compute in bfloat16.
        compiled: whether `torch.compile` compiles both losses.
    """

    rate, betas, epsilon = 2e-4, (0.5, 0.999), 1e-7

    def __init__(self, players, images, latent=100, amp=False, compiled=False):
        self.generator, self.discriminator = players
        self.images, self.latent, self.amp = images, latent, amp
        self.optimizers = [
            torch.optim.Adam(
                one.parameters(),
                self.rate,
                self.betas,
                eps=self.epsilon,
                fused=images.is_cuda,
            )
            for one in players
        ]
        self.losses = self._min_loss, self._max_loss
        if compiled:
            self.losses = [torch.compile(one, dynamic=False) for one in self.losses]

    def step(self):
        """Updates D once, then G once."""
        descend, ascend = self.losses
        weights = list(self.discriminator.parameters())
        for learns, loss, optimizer in (
            (True, ascend, self.optimizers[1]),
            (False, descend, self.optimizers[0]),
        ):
            for weight in weights:
                weight.requires_grad_(learns)
            optimizer.zero_grad(set_to_none=True)
            loss(self.images).backward()
            optimizer.step()

    def precision(self):
        """Returns the context in which the networks compute."""
        if not self.amp:
            return contextlib.nullcontext()
        return torch.autocast(self.images.device.type, torch.bfloat16)

    def _inputs(self, images):
        real = images.float() / 127.5 - 1.0
        return real, torch.randn(len(images), self.latent, device=images.device)

    def _max_loss(self, images):
        real, z = self._inputs(images)
        with torch.no_grad(), self.precision():
            fake = self.generator(z)
        with self.precision():
            # Apart, as D has batch norm.
            scores = [self.discriminator(x).float() for x in (real, fake)]
        return sum(
            functional.softplus(sign * score).mean()
            for sign, score in zip((-1, 1), scores, strict=True)
        )

    def _min_loss(self, images):
        _, z = self._inputs(images)
        with self.precision():
            score = self.discriminator(self.generator(z)).float()
        return functional.softplus(-score).mean()


class Game(Plain):
    """A relativistic game with R1 and R2 in each step."""

    betas, epsilon = (0.0, 0.9), 1e-8
    gamma = 2.0

    def _max_loss(self, images):
        real, z = self._inputs(images)
        with torch.no_grad(), self.precision():
            fake = self.generator(z).float()
        scores, slopes = self._with_slopes(torch.cat([fake, real]))
        fakes, reals = scores.chunk(2)
        penalty = slopes.square().sum((1, 2, 3)).mean() * 2  # of both halves
        return functional.softplus(fakes - reals).mean() + self.gamma / 2 * penalty

    def _with_slopes(self, x):
        def total(x):
            with self.precision():
                scores = self.discriminator(x).float()
            return scores.sum(), scores

        if torch.compiler.is_compiling():  # which has no second backward of autograd's
            slopes, scores = torch.func.grad(total, has_aux=True)(x)
            return scores, slopes
        x = x.requires_grad_()
        summed, scores = total(x)
        (slopes,) = torch.autograd.grad(summed, x, create_graph=True)
        return scores, slopes

    def _min_loss(self, images):
        real, z = self._inputs(images)
        with self.precision():
            fake = self.discriminator(self.generator(z)).float()
            scores = self.discriminator(real).float()
        return functional.softplus(scores - fake).mean()
