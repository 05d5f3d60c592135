"""The classifiers of Defense-GAN (Samangouei 2018, appendix C), for images of 28 pixels."""

import keras
from keras import layers

# Sizes as the paper has them: filters, kernel, stride, padding; units; dropout.
NETS = {
    "A": (
        ("conv", 64, 5, 1, "same"),
        ("conv", 64, 5, 2, "valid"),
        ("dropout", 0.25),
        ("dense", 128),
        ("dropout", 0.5),
    ),
    "B": (
        ("dropout", 0.2),
        ("conv", 64, 8, 2, "same"),
        ("conv", 128, 6, 2, "valid"),
        ("conv", 128, 5, 1, "valid"),
        ("dropout", 0.5),
    ),
    "D": (("dense", 200), ("dropout", 0.5), ("dense", 200)),
}


def build(name: str, seed: int, classes: int = 10) -> keras.Model:
    """Builds an untrained net: images (n, 28, 28, 1) in 0..255 -> logits (n, classes)."""

    def start():
        start.number += 1
        return keras.initializers.GlorotUniform(seed=100 * seed + start.number)

    start.number = 0
    image = keras.Input((28, 28, 1), dtype="float32")
    x = layers.Rescaling(1 / 255)(image)
    for kind, *sizes in NETS[name]:
        if kind == "conv":
            filters, kernel, stride, padding = sizes
            x = layers.Conv2D(
                filters,
                kernel,
                stride,
                padding,
                activation="relu",
                kernel_initializer=start(),
            )(x)
        elif kind == "dropout":
            x = layers.Dropout(sizes[0], seed=seed)(x)
        else:
            x = x if len(x.shape) == 2 else layers.Flatten()(x)
            x = layers.Dense(sizes[0], "relu", kernel_initializer=start())(x)
    x = x if len(x.shape) == 2 else layers.Flatten()(x)
    return keras.Model(image, layers.Dense(classes, kernel_initializer=start())(x))
