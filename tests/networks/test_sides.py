"""The image sizes of each network: one owner, which needs no TensorFlow."""

import subprocess
import sys
from pathlib import Path

import pytest

import kgan
from kgan.networks import (
    dcgan,
    infogan,
    maxout,
    mlp,
    patch,
    r3gan,
    resnet,
    sides,
    unet,
)
from kgan.networks.sides import Sides
from kgan.sizes import Size

BUILDERS = {
    dcgan: dcgan.discriminator,
    infogan: infogan.discriminator,
    r3gan: r3gan.discriminator,
    mlp: mlp.discriminator,
    maxout: maxout.discriminator,
    patch: lambda shape: patch.discriminator(shape, depth=1, width=2),
    resnet: lambda shape: resnet.generator(shape, 1, width=2, blocks=1),
    unet: lambda shape: unet.generator(shape, 1, width=2),
}


@pytest.mark.parametrize(
    ("allowed", "inside", "outside"),
    [
        (Sides(8, 128, multiple=4), [8, 28, 128], [0, 4, 30, 132]),
        (Sides(8, 128, multiple=4), [(8, 128), (96, 28)], [(4, 8), (8, 132), (8, 30)]),
        (sides.UNET, [8, 24, 64, 96, 512], [4, 12, 28, 72, 1024]),
        (sides.UNET, [(96, 128), (8, 64), (192, 256)], [(72, 128), (8, 128), (8, 12)]),
        (Sides(3, 9), [3, 4, 9, (3, 9)], [2, 10, -3, (3, 10)]),
    ],
)
def test_what_is_allowed(allowed, inside, outside):
    assert all(size in allowed for size in inside)
    assert not any(size in allowed for size in outside)


def test_words():
    assert str(Sides(8, 128, multiple=4)) == "multiples of 4 from 8 to 128"
    assert str(Sides(1, 256)) == "numbers from 1 to 256"
    halved = "multiples of 8 from 8 to 512 that halve together to 8 or less"
    assert str(sides.UNET) == halved


@pytest.mark.parametrize(
    ("height", "width", "times"), [(64, 64, 6), (96, 128, 5), (28, 32, 2), (7, 8, 0)]
)
def test_halvings(height, width, times):
    assert sides.halvings(height, width) == times


@pytest.mark.parametrize(
    ("allowed", "size", "nearest"),
    [
        (Sides(8, 128, multiple=4), 30, ["28", "32"]),
        (Sides(8, 128, multiple=4), 29, ["28"]),
        (Sides(8, 128, multiple=4), 500, ["128"]),
        (Sides(8, 128, multiple=4), (500, 29), ["128x28"]),
        # 32x48 and 28x52 are as near, and less alike.
        (Sides(8, 128, multiple=4), (30, 50), ["28x48", "32x52"]),
        (Sides(7, 20, multiple=4), 1, ["8"]),
        (sides.UNET, 28, ["24", "32"]),
        (sides.UNET, (72, 128), ["64x128", "80x128"]),
        (sides.UNET, (70, 128), ["64x128"]),
    ],
)
def test_nearest(allowed, size, nearest):
    assert list(map(str, allowed.nearest(size))) == nearest


@pytest.mark.parametrize("network", BUILDERS, ids=lambda module: module.__name__)
def test_a_builder_keeps_to_its_sides(network):
    build, least = BUILDERS[network], network.SIDES.least
    build((least, least, 1))
    too_large = network.SIDES.most + 1
    small = [(side, side) for side in (least - 1, 30) if side > 0]
    for height, width in [(too_large, too_large), (least, too_large), *small]:
        size = Size(height, width)
        if size not in network.SIDES:
            with pytest.raises(ValueError, match=f"{network.SIDES}; got {size};"):
                build((*size, 1))


def test_deeper_patches_need_larger_images():
    assert [sides.patch(depth).least for depth in (1, 2, 3, 5)] == [6, 12, 24, 96]


def test_sides_are_known_without_tensorflow():
    script = "import sys, kgan.networks.sides; sys.exit('keras' in sys.modules or "
    script += "'tensorflow' in sys.modules)"
    root = Path(kgan.__file__).parents[1]
    subprocess.run([sys.executable, "-c", script], cwd=root, check=True)
