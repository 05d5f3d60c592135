"""Games on the line between two known densities, and their closed forms."""

import keras
import numpy as np
from keras import layers

from kgan.experiments.theory.information import jensen_shannon
from kgan.models import GAN


def grid(low, high, cells=8000):
    """The middles of equal cells, (cells,), and their width."""
    width = (high - low) / cells
    return low + width * (np.arange(cells) + 0.5), width


def table(density, x, width):
    """A density (n,) at `x` as probabilities of cells that sum to 1."""
    masses = density(x) * width
    return masses / masses.sum()


def best_discriminator(p, q):
    """D* = p / (p + q) (Goodfellow 2014, Proposition 1); `p`, `q` densities at x."""
    return p / (p + q)


def value(p, q, d):
    """V = sum p log D + sum q log(1 - D): `p`, `q` tables, `d` in (0, 1)."""
    return float(np.sum(p * np.log(d) + q * np.log1p(-d)))


def best_value(p, q):
    """C(G) = -log 4 + 2 JSD(p || q) (Goodfellow 2014, Theorem 1); of tables."""
    return -np.log(4) + 2 * jensen_shannon(p, q)


class Shift(layers.Layer):
    """Returns x + theta, the only weight of G: it says where its samples lie."""

    def __init__(self, theta=0.0, **kwargs):
        super().__init__(**kwargs)
        self.theta = self.add_weight(
            name="theta", initializer=keras.initializers.Constant(theta)
        )

    def call(self, x):
        return x + self.theta


def dense(x, start, width=32):
    """Two smooth layers and a number: (n, d) to (n, 1).

    Rectifiers would give densities with steps and scores with kinks. The last layer
    of D starts at 0: D = 1/2 everywhere, and a critic without a slope, which a
    penalty on |slope| - 1 could hold to the wrong sign.
    """
    for _ in range(2):
        x = layers.Dense(width, "elu", kernel_initializer="he_normal")(x)
    return layers.Dense(1, kernel_initializer=start)(x)


def discriminator(dimension=1):
    """Points (n, dimension) to scores (n, 1)."""
    point = keras.Input((dimension,))
    return keras.Model(point, dense(point, "zeros"), name="discriminator")


def shifted(prior, theta=0.0, **options):
    """A game whose G(z) = z + theta, z ~ `prior`, against a dense D.

    Args:
        prior: of z, on the line.
        theta: where G begins.
        options: of `kgan.models.GAN`.
    """
    z = keras.Input((1,), name="z")
    generator = keras.Model({"z": z}, Shift(theta)(z), name="generator")
    return GAN(generator, discriminator(), prior=prior, **options)


def column(x):
    """Numbers (n,) as float32 (n, 1), as a network takes them."""
    return np.asarray(x, np.float32)[:, None]


def answers(game, x):
    """D's score at `x` (n,), float64 (n,)."""
    return np.asarray(game.discriminator(column(x)).numpy()[..., 0], np.float64)
