"""The networks of kgan in PyTorch: the same layers, with as many parameters.

Kernels of convolutions are 4x4 with stride 2; a padding of 1 is Keras' "same".
"""

import itertools
import math

import torch
from torch import nn
from torch.nn import functional

PLANE_DEPTH = 3


class Rectified(torch.autograd.Function):
    """A leaky rectifier whose gradient has a cheap gradient.

    PyTorch's own returns zeros as the derivative of its slope, and sends them back through
    the whole network: a gradient penalty then takes 6 forward passes' work instead of 4.
    Here no such derivative is computed.
    """

    @staticmethod
    def forward(context, x, slope):
        context.save_for_backward(x)
        context.slope = slope
        context.set_materialize_grads(False)  # no zeros where nothing comes back
        return functional.leaky_relu(x, slope)

    @staticmethod
    def backward(context, gradient):
        if gradient is None:
            return None, None
        (x,) = context.saved_tensors
        back = torch.ops.aten.leaky_relu_backward
        return back(gradient, x.detach(), context.slope, False), None


class Leaky(nn.Module):
    """A leaky rectifier: `Rectified`, or for the compiler a choice that it can fuse."""

    def __init__(self, slope):
        super().__init__()
        self.slope = slope

    def forward(self, x):
        if torch.compiler.is_compiling():
            return torch.where(x > 0, x, self.slope * x)
        return Rectified.apply(x, self.slope)


class Discriminator(nn.Module):
    """A trunk, a score, and InfoGAN's heads, which are computed only where needed."""

    def __init__(self, trunk, features, case, slope):
        super().__init__()
        self.trunk, self.score = trunk, nn.Linear(features, 1)
        self.sizes = [*case.categories, case.continuous] if case.continuous else []
        if self.sizes:
            self.hidden = nn.Sequential(
                nn.Linear(features, 128), *_normal_1d(128), nn.LeakyReLU(slope, True)
            )
            self.heads = nn.ModuleList(nn.Linear(128, size) for size in self.sizes)

    def forward(self, x):
        return self.score(self.trunk(x)).squeeze(1).float()

    def with_heads(self, x):
        """Returns the score, and a list of the outputs of the heads."""
        features = self.trunk(x)
        hidden = self.hidden(features)
        score = self.score(features).squeeze(1).float()
        return score, [head(hidden) for head in self.heads]


def generator(case):
    """Builds G: noise (n, latent) -> images (n, C, H, W) in [-1, 1], or points (n, 2)."""
    if case.network == "plane":
        sizes = [case.latent] + PLANE_DEPTH * [case.width]
        hidden = [
            (nn.Linear(a, b), nn.ReLU(True)) for a, b in itertools.pairwise(sizes)
        ]
        network = nn.Sequential(*_flat(hidden), nn.Linear(case.width, 2))
    elif case.network == "mlp":
        sizes = [case.latent] + [case.width * factor for factor in (1, 2, 4)]
        hidden = [
            (nn.Linear(a, b), nn.LeakyReLU(0.2, True))
            for a, b in itertools.pairwise(sizes)
        ]
        height, width, channels = case.shape
        last = nn.Linear(sizes[-1], math.prod(case.shape)), nn.Tanh()
        back = nn.Unflatten(1, (channels, height, width))
        network = nn.Sequential(*_flat(hidden), *last, back)
    else:
        network = _convolutional_generator(case)
    return _started(network, case)


def discriminator(case):
    """Builds D: images (n, C, H, W) or points (n, 2) -> a score (n,)."""
    if case.network == "plane":
        sizes = [2] + PLANE_DEPTH * [case.width]
        hidden = [
            (nn.Linear(a, b), nn.LeakyReLU(0.2, True))
            for a, b in itertools.pairwise(sizes)
        ]
        network = Discriminator(nn.Sequential(*_flat(hidden)), sizes[-1], case, 0.2)
    elif case.network == "mlp":
        sizes = [math.prod(case.shape)] + [case.width * factor for factor in (4, 2, 1)]
        hidden = [
            (nn.Linear(a, b), nn.LeakyReLU(0.2, True), nn.Dropout(0.3))
            for a, b in itertools.pairwise(sizes)
        ]
        trunk = nn.Sequential(nn.Flatten(), *_flat(hidden))
        network = Discriminator(trunk, sizes[-1], case, 0.2)
    else:
        network = _convolutional_discriminator(case)
    return _started(network, case)


def classifier(case, classes=10):
    """Builds a model of images (n, C, H, W) in 0..255: features (n, 64) and logits."""
    height, width, channels = case.shape
    trunk = nn.Sequential(
        nn.Conv2d(channels, 32, 3, padding=1),
        nn.ReLU(True),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(True),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * (height // 4) * (width // 4), 64),
        nn.ReLU(True),
    )
    return nn.ModuleDict({"trunk": trunk, "logits": nn.Linear(64, classes)})


def _convolutional_generator(case):
    size, _, channels = case.shape
    halvings, side = levels(size)
    deep = case.width * 2 ** (halvings - 1)
    wide = [16 * case.width] if case.network == "infogan" else []
    sizes = [case.latent, *wide, side * side * deep]
    layers = []
    for before, after in itertools.pairwise(sizes):
        layers += [nn.Linear(before, after, bias=False), *_normal_1d(after)]
        layers.append(nn.ReLU(True))
    layers.append(nn.Unflatten(1, (deep, side, side)))
    for level in reversed(range(halvings - 1)):
        after = case.width * 2**level
        layers.append(nn.ConvTranspose2d(2 * after, after, 4, 2, 1, bias=False))
        layers += [nn.BatchNorm2d(after), nn.ReLU(True)]
    layers += [nn.ConvTranspose2d(case.width, channels, 4, 2, 1), nn.Tanh()]
    return nn.Sequential(*layers)


def _convolutional_discriminator(case):
    size, _, channels = case.shape
    halvings, side = levels(size)
    slope = 0.1 if case.network == "infogan" else 0.2
    layers = []
    for level in range(halvings):
        after = case.width * 2**level
        layers.append(nn.Conv2d(channels, after, 4, 2, 1))
        layers += [nn.BatchNorm2d(after)] if level and case.batch_norm else []
        layers.append(Leaky(slope) if case.critic else nn.LeakyReLU(slope, True))
        channels = after
    layers.append(nn.Flatten())
    features = channels * side * side
    if case.network == "infogan":
        wide = 16 * case.width
        layers += [nn.Linear(features, wide), *_normal_1d(wide)]
        layers.append(nn.LeakyReLU(slope, True))
        features = wide
    return Discriminator(nn.Sequential(*layers), features, case, slope)


def levels(size):
    """Returns how often a side is halved and the side that is left, as `kgan.networks`."""
    halvings = 2
    while (size >> halvings) % 2 == 0 and size >> halvings > 4:
        halvings += 1
    return halvings, size >> halvings


def _started(network, case):
    """Gives the weights the initial distributions that kgan has."""
    for module in network.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            if case.network == "dcgan":
                nn.init.normal_(module.weight, std=0.02)
            elif case.network == "plane":
                nn.init.kaiming_normal_(module.weight)
            else:
                nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return network


def _normal_1d(width):
    return [nn.BatchNorm1d(width)]  # momentum and epsilon are kgan's by default


def _flat(groups):
    return [layer for group in groups for layer in group]
