"""CycleGAN: two domains, no pairs, and a way back."""

from typing import NamedTuple

import keras

from kgan.game import Game
from kgan.models.round import Round
from kgan.models.translator import (
    Translator,
    distance,
    side_by_side,
    to_numbers,
)

Y, X = "_y", "_x"  # which domain a term is about


class Ways(NamedTuple):
    """Of both translators: a batch, what each made of it, or a round."""

    to_y: dict | tuple | Round
    to_x: dict | tuple | Round


def translators(x, y, generator, discriminator, **rules):
    """G with D_Y and F with D_X, as `CycleGAN` takes them.

    Args:
        x, y: shapes of an image of each domain, (H, W, C).
        generator: (shape of the source, channels of the target, name) -> network.
        discriminator: (shape, name) -> network.
        rules: of both, as `Translator` takes them.
    """
    return [
        Translator(
            generator(source, real[-1], f"generator{suffix}"),
            discriminator(real, f"discriminator{suffix}"),
            **rules,
        )
        for suffix, source, real in ((Y, x, y), (X, y, x))
    ]


@keras.saving.register_keras_serializable("kgan")
class CycleGAN(Game):
    """Two GANs, G: X -> Y and F: Y -> X, tied by the way back (Zhu 2017, Eq. 3).

    V(D_Y, G) + V(D_X, F) + lambda (E|F(G(x)) - x| + E|G(F(y)) - y|), and the
    identity loss, mu (E|G(y) - y| + E|F(x) - x|) (section 5.2).

    Args:
        to_y, to_x: G with D_Y and F with D_X, each a `Translator`.
        adversarial_weight: of what the discriminators tell the generators.
        cycle_weight: lambda.
        identity_weight: mu; 0 is none. Needs domains with equal channels.
        distance: "l1", or "l2" for squares.

    Batches have the keys "source", images of X, and "real", images of Y; terms and
    readings are named after the domain that they are about.
    """

    sides = ("D", "G")
    reuses_generated = True

    def __init__(
        self,
        to_y,
        to_x,
        adversarial_weight=1.0,
        cycle_weight=10.0,
        identity_weight=0.0,
        distance="l1",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.to_y, self.to_x = to_y, to_x
        self.adversarial_weight = adversarial_weight
        self.cycle_weight, self.identity_weight = cycle_weight, identity_weight
        self.distance = distance
        self.tracked = tuple(
            f"{name}{suffix}"
            for part, suffix in self.parts()
            for name in (*part.tracked, *(f"G/{term}" for term in self.ties()))
        )
        for part, suffix in self.parts():
            part.play_inside(self, suffix)
            self.equilibrium |= {f"{k}{suffix}": v for k, v in part.equilibrium.items()}

    def parts(self):
        return (self.to_y, Y), (self.to_x, X)

    def ties(self):
        """Names of G's terms beside the adversarial ones, for each domain."""
        return ("cycle", *(("identity",) if self.identity_weight else ()))

    def max_players(self):
        return [part.discriminator for part, _ in self.parts()]

    def min_players(self):
        return [part.generator for part, _ in self.parts()]

    def compile(self, *args, **kwargs):
        super().compile(*args, **kwargs)
        for part, _ in self.parts():  # penalties and averages count its steps
            part.max_optimizer = self.max_optimizer
            part.min_optimizer = self.min_optimizer

    def make(self, batch):
        of_y, of_x = ways(batch)
        return Ways(self.to_y.make(of_y), self.to_x.make(of_x))

    def play(self, batch, made=None):
        of_y, of_x = ways(batch)
        made = made or self.make(batch)
        return Ways(self.to_y.play(of_y, made.to_y), self.to_x.play(of_x, made.to_x))

    def max_terms(self, played):
        return both(self.to_y.max_terms(played.to_y), self.to_x.max_terms(played.to_x))

    def min_terms(self, played):
        terms = both(self.to_y.min_terms(played.to_y), self.to_x.min_terms(played.to_x))
        weighed = {k: self.adversarial_weight * term for k, term in terms.items()}
        cycles = {k: self.cycle_weight * v for k, v in self.cycles(played).items()}
        return weighed | cycles | self.identities(played)

    def cycles(self, played):
        """How far each image comes back from where it was, per pixel."""
        x, y = played.to_y.batch["source"], played.to_x.batch["source"]
        back_x = self.to_x.translate(played.to_y.fake, training=True)
        back_y = self.to_y.translate(played.to_x.fake, training=True)
        apart = distance(back_y, y, self.distance), distance(back_x, x, self.distance)
        return both(*({"cycle": one} for one in apart))

    def identities(self, played):
        """How far each generator moves what is of its target domain already."""
        if not self.identity_weight:
            return {}
        x, y = played.to_y.batch["source"], played.to_x.batch["source"]
        same = self.to_y.translate(y, training=True), self.to_x.translate(x, True)
        moved = distance(same[0], y), distance(same[1], x)
        return both(*({"identity": self.identity_weight * one} for one in moved))

    def after_round(self):
        for part, _ in self.parts():
            part.after_round()

    @property
    def samplers(self):
        return [network for part, _ in self.parts() for network in part.samplers]

    def preview_latents(self, seed, source, real):
        """A row per pair of held-out images, one of each domain.

        Its columns: x, G(x), F(G(x)), then y, F(y), G(F(y)).
        """
        return {"source": to_numbers(source), "real": to_numbers(real)}, len(source), 6

    def preview_images(self, latent):
        x, y = latent["source"], latent["real"]
        there_y, there_x = self.to_y.translate(x), self.to_x.translate(y)
        back_x, back_y = self.to_x.translate(there_y), self.to_y.translate(there_x)
        return side_by_side(x, there_y, back_x, y, there_x, back_y)

    def endpoints(self):
        """`to_y` and `to_x`; `serving_default` is the former."""
        to_y, to_x = (part.endpoints()["serving_default"] for part, _ in self.parts())
        return {"serving_default": to_y, "to_y": to_y, "to_x": to_x}

    def get_config(self):
        parts = {"to_y": self.to_y, "to_x": self.to_x}
        names = ("adversarial_weight", "cycle_weight", "identity_weight", "distance")
        return (
            super().get_config()
            | keras.saving.serialize_keras_object(parts)
            | {name: getattr(self, name) for name in names}
        )


def ways(batch):
    """The batch of each translator."""
    x, y = batch["source"], batch["real"]
    return Ways({"source": x, "real": y}, {"source": y, "real": x})


def both(of_y, of_x):
    """One dict of two, with the domain behind each name."""
    return {f"{k}{Y}": v for k, v in of_y.items()} | {
        f"{k}{X}": v for k, v in of_x.items()
    }
