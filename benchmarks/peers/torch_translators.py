"""The networks of translations in PyTorch: ResNet, U-Net and the patch D.

Kernels of 3x3 with stride 2 have their padding on both sides, and not, as Keras', at
the end alone: the same work, on pixels that lie one to the left.
"""

import torch
from torch import nn

BLOCKS, DEPTH, DROPPED, MOST = 6, 3, 3, 8


def generator(case):
    """Builds G: images (n, C, H, W) in [-1, 1] -> images like them."""
    make = ResNet if case.network == "resnet" else UNet
    return started(make(case.shape[-1], case.width, case.shape[0]))


def discriminator(case):
    """Builds D: images, in pix2pix behind their source, -> scores (n, h, w)."""
    channels = case.shape[-1] * (2 if case.ways == 1 else 1)
    layers = []
    for level in range(DEPTH + 1):
        after = case.width * min(2**level, MOST)
        stride = 2 if level < DEPTH else 1
        layers.append(nn.Conv2d(channels, after, 4, stride, 1))
        layers += [nn.InstanceNorm2d(after)] if level else []
        layers.append(nn.LeakyReLU(0.2, True))
        channels = after
    layers += [nn.Conv2d(channels, 1, 4, 1, 1), nn.Flatten(1, 2)]
    return started(nn.Sequential(*layers))


def started(network):
    """Gives the weights the initial distribution that kgan has."""
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(module.weight, std=0.02)
            nn.init.zeros_(module.bias)
    return network


class Residual(nn.Module):
    """A residual block of two convolutions."""

    def __init__(self, width):
        super().__init__()
        self.inside = nn.Sequential(
            *_reflected(width, width, 3),
            nn.InstanceNorm2d(width),
            nn.ReLU(True),
            *_reflected(width, width, 3),
            nn.InstanceNorm2d(width),
        )

    def forward(self, x):
        return x + self.inside(x)


class ResNet(nn.Sequential):
    """The generator of CycleGAN."""

    def __init__(self, channels, width, side):
        layers = [*_reflected(channels, width, 7), *_inner(width)]
        for times in (2, 4):
            before, after = width * times // 2, width * times
            layers += [nn.Conv2d(before, after, 3, 2, 1), *_inner(after)]
        layers += [Residual(4 * width) for _ in range(BLOCKS)]
        for times in (2, 1):
            before, after = 2 * width * times, width * times
            up = nn.ConvTranspose2d(before, after, 3, 2, 1, output_padding=1)
            layers += [up, *_inner(after)]
        super().__init__(*layers, *_reflected(width, channels, 7), nn.Tanh())


class UNet(nn.Module):
    """The generator of pix2pix."""

    def __init__(self, channels, width, side):
        super().__init__()
        levels = side.bit_length() - 1
        widths = [width * min(2**level, MOST) for level in range(levels)]
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for level, after in enumerate(widths):
            before = widths[level - 1] if level else channels
            layers = [nn.LeakyReLU(0.2, True)] if level else []
            layers.append(nn.Conv2d(before, after, 4, 2, 1))
            inner = 0 < level < levels - 1
            layers += [nn.InstanceNorm2d(after)] if inner else []
            self.down.append(nn.Sequential(*layers))
        before = widths[-1]
        for level in reversed(range(levels - 1)):
            after = widths[level]
            layers = [nn.ReLU(True), nn.ConvTranspose2d(before, after, 4, 2, 1)]
            layers.append(nn.InstanceNorm2d(after))
            layers += [nn.Dropout(0.5)] if level >= levels - 1 - DROPPED else []
            self.up.append(nn.Sequential(*layers))
            before = 2 * after
        last = nn.ConvTranspose2d(before, channels, 4, 2, 1)
        self.last = nn.Sequential(nn.ReLU(True), last, nn.Tanh())

    def forward(self, x):
        halved = []
        for down in self.down:
            x = down(x)
            halved.append(x)
        halved.pop()
        for up in self.up:
            # Rectified in place meanwhile, which the next ReLU would do as well.
            x = torch.cat([up(x), halved.pop()], 1)
        return self.last(x)


def _inner(width):
    return [nn.InstanceNorm2d(width), nn.ReLU(True)]


def _reflected(before, after, side):
    return [nn.ReflectionPad2d(side // 2), nn.Conv2d(before, after, side)]
