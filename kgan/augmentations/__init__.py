"""Augmentations of everything that the discriminator sees, real and generated alike.

An augmentation is called with the data, the iteration and a seed inside the compiled
step. It may own variables, which are saved with the game, and change them in `observe`
and `update`. It must treat real and generated data alike, or G learns to undo it. A
penalty on D's gradient is one with respect to the data before they are augmented.

Example:
    noise = kgan.augmentations.InstanceNoise(kgan.schedules.Schedule(0.2, steps=1000))
    game = kgan.GAN(
        mlp.generator(16, (8, 8, 1), width=8),
        mlp.discriminator((8, 8, 1), width=8),
        augmentations=[noise, kgan.augmentations.DiffAugment(color=False)],
    )
"""

from kgan.augmentations.adaptive import Adaptive
from kgan.augmentations.augmentation import Augmentation
from kgan.augmentations.diffaugment import DiffAugment
from kgan.augmentations.instance_noise import InstanceNoise
from kgan.augmentations.random_transforms import RandomTransforms

__all__ = [
    "Adaptive",
    "Augmentation",
    "DiffAugment",
    "InstanceNoise",
    "RandomTransforms",
]
