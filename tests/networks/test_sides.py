"""The image sizes of each network: one owner, which needs no TensorFlow."""

import subprocess
import sys
from pathlib import Path

import pytest

import kgan
from kgan.networks import dcgan, infogan, maxout, mlp, patch, resnet, sides, unet
from kgan.networks.sides import Sides

BUILDERS = {
    dcgan: dcgan.discriminator,
    infogan: infogan.discriminator,
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
        (Sides(8, 512, power_of_two=True), [8, 64, 512], [4, 12, 28, 1024]),
        (Sides(3, 9), [3, 4, 9], [2, 10, -3]),
    ],
)
def test_what_is_allowed(allowed, inside, outside):
    assert all(side in allowed for side in inside)
    assert not any(side in allowed for side in outside)
    assert set(inside) <= set(allowed)
    assert all(side in allowed for side in allowed)


def test_words():
    assert str(Sides(8, 128, multiple=4)) == "a multiple of 4 from 8 to 128"
    assert str(Sides(8, 512, power_of_two=True)) == "a power of 2 from 8 to 512"
    assert str(Sides(1, 256)) == "a number of pixels from 1 to 256"


@pytest.mark.parametrize(
    ("allowed", "side", "nearest"),
    [
        (Sides(8, 128, multiple=4), 30, [28, 32]),
        (Sides(8, 128, multiple=4), 29, [28]),
        (Sides(8, 128, multiple=4), 500, [128]),
        (Sides(8, 512, power_of_two=True), 28, [32]),
        (Sides(8, 512, power_of_two=True), 48, [32, 64]),
    ],
)
def test_nearest(allowed, side, nearest):
    assert allowed.nearest(side) == nearest


@pytest.mark.parametrize(
    ("sizes", "side"),
    [
        ([(28, 28)] * 3, 28),
        ([(128, 128)], 128),
        ([(132, 132)], 64),
        ([(30, 30)] * 2, 32),
        ([(28, 28), (32, 32)], 32),
        ([(64, 48)] * 2, 32),
        ([(64, 100), (300, 200), (90, 64)], 64),
        ([(4, 4)], 32),
    ],
)
def test_the_usual_side_of_images(sizes, side):
    assert sides.CONVOLUTIONAL.usual(sizes) == side


def test_the_usual_side_is_allowed():
    assert sides.UNET.usual([(28, 28)] * 3) == 32
    assert Sides(96, 512).usual([(28, 28)]) == 96


@pytest.mark.parametrize("network", BUILDERS, ids=lambda module: module.__name__)
def test_a_builder_keeps_to_its_sides(network):
    build, least = BUILDERS[network], network.SIDES.least
    build((least, least, 1))
    too_large = network.SIDES.most + 1
    outside = [too_large, *(side for side in [least - 1, 30] if side > 0)]
    for side in outside:
        if side not in network.SIDES:
            with pytest.raises(ValueError, match=f"{network.SIDES}; got {side}"):
                build((side, side, 1))


def test_deeper_patches_need_larger_images():
    assert [sides.patch(depth).least for depth in (1, 2, 3, 5)] == [6, 12, 24, 96]


def test_sides_are_known_without_tensorflow():
    script = "import sys, kgan.networks.sides; sys.exit('keras' in sys.modules or "
    script += "'tensorflow' in sys.modules)"
    root = Path(kgan.__file__).parents[1]
    subprocess.run([sys.executable, "-c", script], cwd=root, check=True)
