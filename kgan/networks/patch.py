"""The discriminator that scores patches (Isola 2017, appendix: PatchGAN).

It has `depth` 4x4 convolutions with stride 2, then two with stride 1. Each score of its
map belongs to one patch of the image: 16x16 pixels at depth 1, 34 at 2, 70 at 3, 142 at
4, 286 at 5. Weights from N(0, .02).
"""

import keras
from keras import layers

from kgan.networks import sides
from kgan.networks.blocks import factories, normalise
from kgan.networks.dcgan import small

SIDES = sides.patch(depth=1)  # a deeper one needs larger images
WIDTH, MOST = 64, 8


def discriminator(
    image_shape: tuple[int, ...],
    *,
    depth: int = 3,
    width: int = WIDTH,
    norm: str = "instance",
    spectral: bool = False,
    name: str = "discriminator",
) -> keras.Model:
    """Builds D: images (n, H, W, C) -> scores (n, h, w), one per patch.

    Args:
        image_shape: (H, W, C), H and W of `sides.patch(depth)`; where D sees pairs, C
            counts the channels of source and target.
        depth: convolutions with stride 2, at least 1.
        width: channels of the first layer; each later one doubles it, up to 8.
        norm: "instance", "batch", "layer" or "none".
        spectral: whether to divide every convolution by its largest singular value.
        name: of the model.

    Raises:
        ValueError: a side that is not one of `sides.patch(depth)`.
    """
    network = f"A patch discriminator of depth {depth}"
    sides.patch(depth).check(network, image_shape[:2])
    _, conv = factories(spectral, small)
    image = x = keras.Input(image_shape, name="x")
    for level in range(depth + 1):
        stride = 2 if level < depth else 1
        filters = width * min(2**level, MOST)
        x = conv(filters, 4, strides=stride)(layers.ZeroPadding2D(1)(x))
        x = x if level == 0 else normalise(x, norm)
        x = layers.LeakyReLU(0.2)(x)
    x = conv(1, 4, dtype="float32")(layers.ZeroPadding2D(1)(x))
    score = layers.Reshape(x.shape[1:3], dtype="float32")(x)
    return keras.Model(image, score, name=name)


def receptive_field(depth: int) -> int:
    """Returns the side in pixels of the patch that one score sees."""
    field = 1
    for stride in [1, 1] + [2] * depth:
        field = field * stride + 4 - stride
    return field
