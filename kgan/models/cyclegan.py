"""CycleGAN: translation between two domains without pairs, and back."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import keras

from kgan.controls import Control, Input
from kgan.data.dataset import Field
from kgan.game import Game
from kgan.models.round import Round
from kgan.models.translator import Translator, distance, side_by_side
from kgan.typing import Seed, Tensor, Tensors

Y, X = "_y", "_x"  # which domain a term is about


T = TypeVar("T")
Made: TypeAlias = tuple[Tensors, Tensor]  # the inputs of G, and what it makes of them


class Ways(NamedTuple, Generic[T]):
    """A value for each of the two translators: a batch, a translation or a `Round`."""

    to_y: T
    to_x: T


def translators(
    x: tuple[int, ...],
    y: tuple[int, ...],
    generator: Callable[..., keras.Model],
    discriminator: Callable[..., keras.Model],
    **rules: Any,
) -> list[Translator]:
    """Returns the translators G with D_Y and F with D_X, as `CycleGAN` takes them.

    Args:
        x: the shape of an image of the first domain, (H, W, C).
        y: the shape of an image of the second domain.
        generator: (shape of the source, channels of the target, name) -> network.
        discriminator: (shape, name) -> network.
        rules: keyword arguments for both, as `Translator` takes them.
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
    """Two GANs, G: X -> Y and F: Y -> X, with cycle consistency (Zhu 2017, Eq. 3).

    V(D_Y, G) + V(D_X, F) + lambda (E|F(G(x)) - x| + E|G(F(y)) - y|), and the
    identity loss, mu (E|G(y) - y| + E|F(x) - x|) (section 5.2).

    Args:
        to_y, to_x: G with D_Y and F with D_X, each a `Translator`.
        adversarial_weight: the weight of the adversarial terms in the generators' loss.
        cycle_weight: lambda.
        identity_weight: mu; 0 is none. Needs domains with equal channels.
        distance: "l1", or "l2" for squares.

    Batches have the keys "source", images of X, and "real", images of Y. The names of
    terms and diagnostics end in "_y" or "_x", the domain that they are about.

    Example:
        from kgan.networks import patch, unet

        def generator(shape, channels, name):
            return unet.generator(shape, channels, width=2, name=name)

        def discriminator(shape, name):
            return patch.discriminator(shape, depth=1, width=2, name=name)

        shape = (8, 8, 1)
        game = kgan.CycleGAN(*translators(shape, shape, generator, discriminator))
        there = game.generate(source=np.zeros((3, 8, 8, 1), "uint8"))
        back = game.generate(target=there)
    """

    sides = ("D", "G")
    reuses_generated = True

    def __init__(
        self,
        to_y: Translator,
        to_x: Translator,
        adversarial_weight: float = 1.0,
        cycle_weight: float = 10.0,
        identity_weight: float = 0.0,
        distance: str = "l1",
        **kwargs: Any,
    ) -> None:
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
            part.join(self, suffix)
            self.equilibrium |= {f"{k}{suffix}": v for k, v in part.equilibrium.items()}

    def parts(self) -> tuple[tuple[Translator, str], tuple[Translator, str]]:
        """Returns both translators, each with the suffix of its domain."""
        return (self.to_y, Y), (self.to_x, X)

    def ties(self) -> tuple[str, ...]:
        """Returns the names of G's further terms, which each domain has."""
        return ("cycle", *(("identity",) if self.identity_weight else ()))

    def max_players(self) -> list[keras.Model]:
        return [part.discriminator for part, _ in self.parts()]

    def min_players(self) -> list[keras.Model]:
        return [part.generator for part, _ in self.parts()]

    def generate_batch(self, batch: Tensors) -> Ways[Made]:
        of_y, of_x = ways(batch)
        return Ways(self.to_y.generate_batch(of_y), self.to_x.generate_batch(of_x))

    def forward(
        self, batch: Tensors, generated: Ways[Made] | None = None
    ) -> Ways[Round]:
        of_y, of_x = ways(batch)
        made = generated or self.generate_batch(batch)
        return Ways(
            self.to_y.forward(of_y, made.to_y), self.to_x.forward(of_x, made.to_x)
        )

    def max_terms(self, played: Ways[Round]) -> Tensors:
        return both(self.to_y.max_terms(played.to_y), self.to_x.max_terms(played.to_x))

    def min_terms(self, played: Ways[Round]) -> Tensors:
        terms = both(self.to_y.min_terms(played.to_y), self.to_x.min_terms(played.to_x))
        weighed = {k: self.adversarial_weight * term for k, term in terms.items()}
        cycles = {k: self.cycle_weight * v for k, v in self.cycles(played).items()}
        return weighed | cycles | self.identities(played)

    def cycles(self, played: Ways[Round]) -> Tensors:
        """Returns the cycle terms: the distances |F(G(x)) - x| and |G(F(y)) - y|."""
        x, y = played.to_y.batch["source"], played.to_x.batch["source"]
        back_x = self.to_x.translate(played.to_y.fake, training=True)
        back_y = self.to_y.translate(played.to_x.fake, training=True)
        apart = distance(back_y, y, self.distance), distance(back_x, x, self.distance)
        return both(*({"cycle": one} for one in apart))

    def identities(self, played: Ways[Round]) -> Tensors:
        """Returns the identity terms, mu |G(y) - y| and mu |F(x) - x|; {} without mu."""
        if not self.identity_weight:
            return {}
        x, y = played.to_y.batch["source"], played.to_x.batch["source"]
        same = self.to_y.translate(y, training=True), self.to_x.translate(x, True)
        moved = distance(same[0], y), distance(same[1], x)
        return both(*({"identity": self.identity_weight * one} for one in moved))

    def after_round(self, played: Ways[Round]) -> None:
        for (part, _), of_part in zip(self.parts(), played, strict=True):
            part.after_round(of_part)

    @property
    def samplers(self) -> list[keras.Model]:
        return [network for part, _ in self.parts() for network in part.samplers]

    @property
    def real_field(self) -> Field:
        """The `Field` of Y, which previews of both domains use."""
        return self._of_parts()[0].real_field

    def controls(self) -> tuple[Control, ...]:
        to_y, to_x = self._of_parts()
        return (
            Input("source", "what is translated there", to_y.source_field, "to_y"),
            Input("target", "what is translated back", to_x.source_field, "to_x"),
        )

    def generate_checked(
        self,
        n: int | Tensor,
        seed: int | Tensor,
        source: Any = None,
        target: Any = None,
    ) -> Tensor:
        """Translates `source` to Y, or `target` to X, data as they are stored."""
        to_y, to_x = self._of_parts()
        return to_x.translated(target) if source is None else to_y.translated(source)

    def preview(self, data: Tensors, seed: Seed) -> Tensors:
        """Returns a row for each held-out x and y, as they are stored.

        The columns are x, G(x), F(G(x)), y, F(y), G(F(y)).
        """
        if not data:
            return {}
        x, y = data["source"], data["real"]
        to_y, to_x = self._of_parts()
        there_y, there_x = to_y.translate(x), to_x.translate(y)
        back_x, back_y = to_x.translate(there_y), to_y.translate(there_x)
        shown = x, there_y, back_x, y, there_x, back_y
        return {"real": side_by_side(to_y, *shown)}

    def _of_parts(self):
        """Both translators, which know the fields of their own two domains."""
        if self.fields:
            x, y = self.fields["source"], self.fields["real"]
            self.to_y.fields = {"source": x, "real": y}
            self.to_x.fields = {"source": y, "real": x}
        return self.to_y, self.to_x

    def get_config(self) -> dict[str, Any]:
        parts = {"to_y": self.to_y, "to_x": self.to_x}
        names = ("adversarial_weight", "cycle_weight", "identity_weight", "distance")
        return (
            super().get_config()
            | keras.saving.serialize_keras_object(parts)
            | {name: getattr(self, name) for name in names}
        )


def ways(batch: Tensors) -> Ways[Tensors]:
    """Returns the batch of each translator, from one of both domains."""
    x, y = batch["source"], batch["real"]
    return Ways({"source": x, "real": y}, {"source": y, "real": x})


def both(of_y: dict[str, Any], of_x: dict[str, Any]) -> dict[str, Any]:
    """Returns one dict of two, with the suffix of the domain after each name."""
    return {f"{k}{Y}": v for k, v in of_y.items()} | {
        f"{k}{X}": v for k, v in of_x.items()
    }
