"""StackGAN: pictures from captions, whose discriminator checks that both match."""

import math
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from kgan.controls import Control, Text
from kgan.models import captioned
from kgan.models.gan import GAN
from kgan.models.penalised import lazily
from kgan.models.round import Round
from kgan.objectives import Minimax
from kgan.randomness import integers, split
from kgan.typing import Number, Seed, Tensor, Tensors

COLUMNS = 8  # of a preview


@keras.saving.register_keras_serializable("kgan")
class StackGAN(GAN):
    """The matching-aware game of pictures x and captions t (Zhang 2017, Eqs. 3 and 4).

    D raises E[log D(x, t)] + 1/2 E[log(1 - D(G(z, t), t))] + 1/2 E[log(1 - D(x, t'))]:
    a real picture with the caption t' of another one is wrong as well (Reed 2016).
    G lowers its part of it, plus `kl_weight` times the mean over the numbers of the
    condition of KL(N(mean, deviation^2) || N(0, 1)).

    The wrong captions are those of the row before in the same batch. A row whose wrong
    caption equals its own has no such term.

    With `unconditional`, both sides also play for pictures without captions (as Zhang
    2018): else D looks at what is told of a picture more than at how it is drawn.

    Both lower `contrastive_weight` times the contrastive loss as well (as XMC-GAN, Zhang 2021,
    of captions), D of real pictures and G of its own: -log of the softmax, over the
    captions of the batch, of the cosine of a picture and its caption over `TEMPERATURE`.
    One wrong caption per picture says little about what a caption has to be told from.

    G also lowers `diversity_weight` times |z - z'|_1 / |G(z, t) - G(z', t)|_1, means of
    absolute differences, for a second z' (mode seeking, as Mao 2019): else it comes to draw
    one picture for each caption, whatever z is. Only the noise of z is drawn again, not
    what conditioning augmentation draws: that would reward pictures of another caption.

    The encoder of captions is trained with G; D sees the mean, and sends no gradient back.

    Args:
        generator: maps {"z": (n, d), "caption": int32 (n, L)} to images, by its layers
            "encoder" and "painter", as `kgan.networks.stackgan.generator` is.
        discriminator: maps {"x", "condition", "wrong"} to {"score": (n,), "wrong": (n,)},
            and, for the contrastive loss, the unit vectors {"picture": (n, k), "text":
            (n, k)}, and, without captions, {"alone": (n,)}.
        kl_weight: weight of the KL term.
        matching: whether D sees pictures with wrong captions.
        contrastive_weight: weight of the contrastive loss; 0 for none.
        unconditional: whether D scores pictures without captions as well.
        diversity_weight: weight of the mode-seeking term, one more pass of G; 0 for none.
        diversity_interval: take it at every so-many-th descent, so many times as heavy.

    Batches have the keys "real" and "caption", int32 (n, L).

    Example:
        from kgan.networks import stackgan, words

        text = words.Text(length=12, words=45, condition=8)
        game = kgan.StackGAN(
            stackgan.generator(16, (8, 8, 3), text, width=4),
            stackgan.discriminator((8, 8, 3), 8, width=4),
        )
    """

    def __init__(
        self,
        *args: Any,
        kl_weight: float = 2.0,
        matching: bool = True,
        contrastive_weight: float = 1.0,
        unconditional: bool = True,
        diversity_weight: float = 0.0,
        diversity_interval: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if self.pack != 1:
            raise ValueError(
                "D compares one picture with one caption: StackGAN has pack=1, got "
                f"pack={self.pack}"
            )
        self.kl_weight, self.matching = kl_weight, matching
        self.contrastive_weight, self.unconditional = contrastive_weight, unconditional
        self.diversity_weight = diversity_weight
        self.diversity_interval = diversity_interval
        if diversity_weight:
            self.tracked += ("G/diversity",)
        if unconditional:
            self.tracked += ("D/alone", "G/alone", "D/accuracy_alone")
        if contrastive_weight:
            self.tracked += ("D/contrast", "G/contrast", "G/text")
            self.tracked += ("D/retrieval", "G/retrieval", "text/retrieval")
        if matching:
            self.tracked += ("D/matching", "D/accuracy_wrong")
            if isinstance(self.objective, Minimax):
                # Half of what is not real comes with wrong captions, which D can tell:
                # its answer to all other pictures then rests at 2/3.
                value = math.log(2 / 3) + math.log(1 / 3)
                self.equilibrium = {self.objective.readings[-1]: value}
        if self.augmented:
            self.tracked += ("G/kl",)

    @property
    def augmented(self) -> bool:
        """Whether the condition is drawn around a mean."""
        return "log_deviation" in self.generator.get_layer("encoder").output

    def controls(self) -> tuple[Control, ...]:
        if "caption" not in self.fields:
            return super().controls()
        told = "the caption of the picture to draw"
        return (Text("caption", told, self.fields["caption"]), *super().controls())

    def latents(
        self,
        n: int | Tensor,
        seed: Seed,
        truncation: Number | None = None,
        caption: Any = None,
    ) -> Tensors:
        z_seed, caption_seed = split(seed, 2)
        kind, (length,) = self.fields["caption"].kind, self.fields["caption"].shape
        if caption is None:  # any of the examples
            known = kind.encode(kind.examples, length)
            chosen = integers((n,), caption_seed, len(known))
            caption = tf.gather(tf.constant(known), chosen)
        else:
            given = tf.reshape(tf.convert_to_tensor(caption), (-1,))
            caption = kind.encode_in_graph(given, length)
        caption = tf.broadcast_to(caption, (n, length))
        return super().latents(n, z_seed, truncation) | {"caption": caption}

    def control_values(self, latent: Tensors) -> Tensors:
        kind = self.fields["caption"].kind
        return {"caption": kind.decode_in_graph(latent["caption"])}

    def sample_latents(self, batch: Tensors) -> Tensors:
        rows = ops.shape(batch["real"])[0]
        z = super().latents(rows, self.fresh_seed())
        return z | {"caption": batch["caption"]}

    def generate_batch(self, batch: Tensors) -> tuple[Tensors, Tensor]:
        """Returns the inputs of G, with what its encoder returned, and the pictures."""
        latent = self.sample_latents(batch)
        text = self.generator.get_layer("encoder")(latent["caption"], training=True)
        return latent | text, captioned.painted(self.generator, latent["z"], text, True)

    def forward(
        self, batch: Tensors, generated: tuple[Tensors, Tensor] | None = None
    ) -> Round:
        generated = generated or self.generate_batch(batch)
        condition = ops.stop_gradient(generated[0]["mean"])
        given = {"condition": condition, "wrong": captioned.row_before(condition)}
        return super().forward(batch | given, generated)

    def discriminator_inputs(self, x: Tensor, batch: Tensors) -> Tensors:
        if "condition" in batch:
            return {"x": x} | {k: batch[k] for k in ("condition", "wrong")}
        encode = self.generator.get_layer("encoder")
        condition = encode(batch["caption"], training=False)["mean"]
        wrong = captioned.row_before(condition)
        return {"x": x, "condition": condition, "wrong": wrong}

    def max_terms(self, played: Round) -> Tensors:
        terms = super().max_terms(played)
        if self.unconditional:
            real, fake = (a["alone"] for a in (played.real_answer, played.answer))
            terms["alone"] = self.objective.discriminator(real, fake)
            self.track("D/accuracy_alone", fake <= self.objective.threshold)
        if self.contrastive_weight:
            answer = played.real_answer
            terms["contrast"] = self._contrast("D", played, answer)
        if not self.matching:
            return terms
        real, fake = played.real_answer["score"], played.answer["score"]
        wrong = played.real_answer["wrong"]
        caption = played.batch["caption"]
        equal = ops.all(ops.equal(caption, captioned.row_before(caption)), axis=-1)
        self.track("D/accuracy_wrong", equal | (wrong <= self.objective.threshold))
        # Half of the loss is against fakes, half against wrong captions.
        matching = self.objective.discriminator(real, ops.where(equal, fake, wrong))
        terms["adversarial"] = 0.5 * terms["adversarial"]
        return terms | {"matching": 0.5 * matching}

    def min_terms(self, played: Round) -> Tensors:
        terms = super().min_terms(played)
        if self.unconditional:
            real = played.real_answer["alone"] if self.objective.relative else None
            terms["alone"] = self.objective.generator(real, played.answer["alone"])
        if self.contrastive_weight:
            terms["contrast"] = self._contrast("G", played, played.answer)
            terms["text"] = self._contrast("text", played, self._read(played))
        if self.diversity_weight:
            terms["diversity"] = self._diversity(played)
        if not self.augmented:
            return terms
        given = played.latent["mean"], played.latent["log_deviation"]
        return terms | {"kl": self.kl_weight * captioned.divergence(*given)}

    def _diversity(self, played: Round) -> Tensor:
        """How much less pictures of a caption differ than their z, (n,), where it is due."""
        latent, z = played.latent, played.latent["z"]
        every, own = self.diversity_interval, captioned.free(latent)
        rows = ops.shape(z)[0]
        drawn = super().latents(rows, self.fresh_seed())["z"]
        again = ops.concatenate([drawn[:, :own], z[:, own:]], axis=-1)

        def seek():
            other = captioned.painted(self.generator, again, latent, True)
            of_z = z[:, :own], again[:, :own]
            found = captioned.likeness(of_z, (played.fake, other))
            return self.diversity_weight * every * found

        return lazily(self, every, seek, rows, self.generator)

    def _read(self, played: Round) -> Tensors:
        """What D compares, of real pictures, from which only the encoder is to learn."""
        given, found = self.discriminator.input, self.discriminator.output
        read = keras.Model(given["condition"], found["text"])
        picture = ops.stop_gradient(played.real_answer["picture"])
        return {"picture": picture, "text": read(played.latent["mean"])}

    def _contrast(self, who: str, played: Round, answer: Tensors) -> Tensor:
        """The contrastive loss, (n,); it tracks how often the own caption is nearest."""
        loss, nearest = captioned.contrast(answer, played.batch["caption"])
        self.track(f"{who}/retrieval", nearest)
        return self.contrastive_weight * loss

    def between(self, first: Tensor, second: Tensor, steps: int, z: Tensor) -> Tensor:
        """Draws pictures on the way from one caption to another, as they are stored.

        What goes evenly from one to the other is the vector that the encoder makes of a
        caption, not its words.

        Args:
            first: the caption to begin with, int32 (1, L).
            second: the caption to end with, int32 (1, L).
            steps: pictures of a row.
            z: (rows, d), one for each row.

        Returns: (rows * steps, ...), row by row.
        """
        encode = self.sampler.get_layer("encoder")
        one, two = (encode(c, training=False) for c in (first, second))
        times = tf.stack([tf.shape(z)[0], 1])
        share = tf.tile(tf.linspace(0.0, 1.0, steps)[:, None], times)
        text = {k: one[k] + share * (two[k] - one[k]) for k in one}
        made = captioned.painted(self.sampler, tf.repeat(z, steps, 0), text, False)
        return self.real_field.kind.from_network(made)

    def preview(self, data: Tensors, seed: Seed) -> Tensors:
        """Returns pictures, a row for each caption; the pictures of a column share z."""
        if "caption" in data:
            caption = data["caption"]
        else:
            kind, (length,) = self.fields["caption"].kind, self.fields["caption"].shape
            caption = tf.constant(kind.encode(kind.examples[:COLUMNS], length))
        rows: Any = caption.shape[0]
        z = super().latents(COLUMNS, seed)["z"]
        latent = {"z": tf.tile(z, (rows, 1)), "caption": tf.repeat(caption, COLUMNS, 0)}
        made = self.samples(latent)
        shape = (rows, COLUMNS)
        return {
            "real": ops.reshape(made, (*shape, *made.shape[1:])),
            "caption": ops.reshape(latent["caption"], (*shape, caption.shape[-1])),
        }

    def continue_from(self, earlier: GAN) -> None:
        """Takes the networks of a trained stage I, which stage II does not train.

        Raises:
            ValueError: this is no game of stage II.
        """
        for generator in {id(g): g for g in (self.generator, self.sampler)}.values():
            for name in ("encoder", "painter"):
                of_first = {one.name: one for one in generator.get_layer(name).layers}
                if name not in of_first:
                    raise ValueError("A game of one stage has no stage before it")
                weights = earlier.sampler.get_layer(name).get_weights()
                of_first[name].set_weights(weights)

    def get_config(self) -> dict[str, Any]:
        names = ("kl_weight", "matching", "contrastive_weight", "unconditional")
        names += ("diversity_weight", "diversity_interval")
        return super().get_config() | {name: getattr(self, name) for name in names}
