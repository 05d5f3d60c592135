"""AttGAN: changes attributes of a given picture, such as its mouth, and nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from kgan.controls import Change, Control, Input
from kgan.data import evenly
from kgan.models import reading
from kgan.models.gan import GAN
from kgan.models.round import Round
from kgan.models.translator import distance
from kgan.randomness import uniform
from kgan.replicas import gathered, own_rows
from kgan.typing import Seed, Tensor, Tensors

SHOWN = 20  # edits of a picture in a preview


@keras.saving.register_keras_serializable("kgan")
class AttGAN(GAN):
    """The game of pictures x with attributes a (He 2019).

    G(x, b) draws the picture x with the attributes b, which are those of another picture
    of the batch. D tells it from real pictures, and learns to read the attributes off real
    ones. Of what G draws, D has to read b. G(x, a), with the picture's own attributes, has
    to be x; so G learns to draw what D only names.

    Attributes are categorical: their loss is the sum of their cross-entropies.

    Args:
        generator: maps {"source": images, "attributes": int32 (n, A)} to images, made of
            the layers "encoder" and "decoder", as `kgan.networks.attgan.generator` is.
        discriminator: maps images to {"score": (n,), "attribute_0": logits, ...}.
        attributes: name of an attribute -> the names of its options.
        attribute_weight: lambda_3, weight of the attributes in D's loss.
        edit_weight: lambda_2, their weight in G's loss.
        reconstruction_weight: lambda_1, weight of |x - G(x, a)|.
        mask_weight: weight of the share of the picture that is drawn anew, where the
            decoder has a mask.

    Batches have the keys "real" and "attributes", int32 (n, A).

    Example:
        from kgan.networks import attgan

        game = kgan.AttGAN(
            attgan.generator((8, 8, 3), (2, 3), width=4),
            attgan.discriminator((8, 8, 3), (2, 3), width=4),
            attributes={"mouth": ("smile", "smirk"), "hair": ("no", "red", "grey")},
        )
        faces = np.zeros((4, 8, 8, 3), "uint8")
        smirking = game.generate(source=faces, mouth="smirk")
    """

    reuses_generated = True  # G starts from the data, and D does not change it

    def __init__(
        self,
        *args: Any,
        attributes: Mapping[str, Sequence[str]],
        attribute_weight: float = 1.0,
        edit_weight: float = 2.0,
        reconstruction_weight: float = 100.0,
        mask_weight: float = 10.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if self.pack != 1:
            raise ValueError(
                "D reads the attributes of one picture: AttGAN has pack=1, got "
                f"pack={self.pack}"
            )
        self.attributes = {name: tuple(one) for name, one in attributes.items()}
        self.attribute_weight, self.edit_weight = attribute_weight, edit_weight
        self.reconstruction_weight = reconstruction_weight
        self.mask_weight = mask_weight
        self.tracked += ("D/attributes", "G/attributes", "G/reconstruction")
        self.tracked += ("D/attribute_accuracy", "G/attribute_accuracy")
        if self.masked:
            self.tracked += ("G/mask",)

    @property
    def masked(self) -> bool:
        """Whether what G draws covers only parts of the picture."""
        return "mask" in self.generator.get_layer("decoder").output

    def controls(self) -> tuple[Control, ...]:
        source = Input("source", "the picture to edit", self.real_field, "edit")
        changes = [
            Change(name, f"the {name} that it gets", options)
            for name, options in self.attributes.items()
        ]
        return (source, *changes)

    def sample_latents(self, batch: Tensors) -> Tensors:
        """Returns the pictures, with attributes that are shuffled over the whole batch."""
        own = gathered(batch["attributes"])
        chance = uniform((ops.shape(batch["real"])[0],), self.fresh_seed())
        shuffled = ops.take(own, ops.argsort(gathered(chance)), axis=0)
        return {"source": batch["real"], "attributes": own_rows(shuffled)}

    def generate_batch(self, batch: Tensors) -> tuple[Tensors, Tensor]:
        """Returns the inputs of G, with what else it drew of them, and the edited pictures.

        "reconstructed" is drawn with the pictures' own attributes, by the same pass of the
        decoder.
        """
        latent = self.sample_latents(batch)
        encode, decode = (self.generator.get_layer(n) for n in ("encoder", "decoder"))
        features = encode(latent["source"], training=True)
        given = [latent["source"], latent["attributes"], *features]
        own = [latent["source"], batch["attributes"], *features]
        both = [ops.concatenate(pair) for pair in zip(given, own, strict=True)]
        made = decode(both, training=True)
        parts = {name: ops.split(value, 2) for name, value in made.items()}
        further: Any = {"reconstructed": parts["drawn"][1]}
        if self.masked:
            further["mask"] = parts["mask"][0]
        return latent | further, parts["image"][0]

    def max_terms(self, played: Round) -> Tensors:
        terms = super().max_terms(played)
        read = self._surprise("D", played.real_answer, played.batch["attributes"])
        return terms | {"attributes": self.attribute_weight * read}

    def min_terms(self, played: Round) -> Tensors:
        terms = super().min_terms(played)
        read = self._surprise("G", played.answer, played.latent["attributes"])
        terms["attributes"] = self.edit_weight * read
        missed = distance(played.latent["reconstructed"], played.batch["real"])
        terms["reconstruction"] = self.reconstruction_weight * missed
        if self.masked:
            terms["mask"] = self.mask_weight * played.latent["mask"]
        return terms

    def _surprise(self, who, answer, wanted):
        """The sum of the cross-entropies of the attributes, (n,)."""
        total, right = reading.surprise(answer, ops.unstack(wanted, axis=-1))
        self.track(f"{who}/attribute_accuracy", right)
        return total

    def read_codes(self, x: Tensor) -> Tensors:
        """Returns the logits of the attributes, by name, that D reads off pictures."""
        answer = self.discriminator(x, training=False)
        return {
            name: ops.cast(answer[reading.HEAD.format(number)], "float32")
            for number, name in enumerate(self.attributes)
        }

    def read(self, x: Tensor) -> Tensor:
        """Returns the attributes that D reads off pictures as networks take them, (n, A)."""
        found = [ops.argmax(one, axis=-1) for one in self.read_codes(x).values()]
        return ops.cast(ops.stack(found, axis=-1), "int32")

    def edited(self, stored: Tensor, changes: Mapping[str, Any]) -> Tensor:
        """Returns pictures with changed attributes, as they are stored, (n, ...).

        All attributes that are not changed are those that D reads off the pictures.

        Args:
            stored: the pictures.
            changes: name of an attribute -> numbers of options, () or (n,); below 0 the
                picture's own.
        """
        source = self.real_field.kind.to_network(stored)
        own = self.read(source)
        wanted: list[Any] = list(tf.unstack(own, axis=-1))
        for name, value in changes.items():
            number = [*self.attributes].index(name)
            asked = tf.broadcast_to(tf.cast(value, tf.int32), tf.shape(wanted[number]))
            wanted[number] = tf.where(asked < 0, wanted[number], asked)
        return self.samples({"source": source, "attributes": tf.stack(wanted, -1)})

    def generate_checked(
        self, n: int | Tensor, seed: int | Tensor, source: Tensor, **controls: Any
    ) -> Tensor:
        """Edits `source`, pictures as they are stored; `n` and `seed` are not used."""
        return self.edited(source, controls)

    @property
    def samplers(self) -> list[keras.Model]:
        return [self.sampler, self.discriminator]

    def preview(self, data: Tensors, seed: Seed) -> Tensors:
        """Returns a row per held-out picture: the picture, then each edit of it."""
        if not data:
            return {}
        stored = self.real_field.kind.from_network(data["real"])
        edits = [
            (name, option)
            for name, options in self.attributes.items()
            for option in range(len(options))
        ]
        chosen = evenly(np.arange(len(edits)), SHOWN)
        columns = [self.edited(stored, dict([edits[i]])) for i in chosen]
        return {"real": tf.stack([stored, *columns], 1)}

    def get_config(self) -> dict[str, Any]:
        names = ("attributes", "attribute_weight", "edit_weight", "mask_weight")
        names += ("reconstruction_weight",)
        return super().get_config() | {name: getattr(self, name) for name in names}
