"""The GAN of Goodfellow 2014, which the other image models vary."""

import keras
import tensorflow as tf
from keras import ops

from kgan.game import Game
from kgan.models.diagnostics import probe
from kgan.models.round import Round
from kgan.objectives import NonSaturating
from kgan.priors import Normal
from kgan.randomness import normal


class ClipWeights(keras.constraints.Constraint):
    """Keeps every weight in [-bound, bound] (Arjovsky 2017, Algorithm 1)."""

    def __init__(self, bound):
        self.bound = bound

    def __call__(self, weight):
        return ops.clip(weight, -self.bound, self.bound)


@keras.saving.register_keras_serializable("kgan")
class GAN(Game):
    """Two players: G makes data from z ~ p(z), D tells it from real data.

    Variants override what they change: `latents` (what G is fed), `draw`
    (what it is fed in training), `evidence` (what D is shown), the terms,
    `showcase` (which samples tell the most).

    Args:
        generator: maps {"z": (n, d)} to data (n, ...); images in [-1, 1].
        discriminator: maps data, packed, to scores (n / pack, ...), or to a
            dict with the key "score".
        objective: a `kgan.objectives.Objective`; non-saturating by default.
        penalties: of `kgan.penalties`, added to D's loss.
        prior: p(z), of `kgan.priors`; N(0, I) by default.
        pack: how many examples D judges at once (PacGAN, Lin 2018). Divides
            the size of a round.
        instance_noise: standard deviation of the noise that D sees on real and
            generated data alike (Sonderby 2017).
        instance_noise_steps: ascents until that noise has faded linearly to
            nothing; 0 keeps it.
        clip_weights: bound for all of D's weights after each ascent; 0 is none.
        ema: decay of the moving average of G, with its batch-norm
            statistics, from which samples are then drawn; 0 keeps none.

    Example:
        game = GAN(mlp.generator(100, (28, 28, 1)), mlp.discriminator((28, 28, 1)))
        game.compile("adam", "adam")
        game.fit(batches)
        images = game.images(game.latents(16, seed=(0, 1)))  # uint8
    """

    sides = ("D", "G")

    def __init__(
        self,
        generator,
        discriminator,
        objective=None,
        penalties=(),
        prior=None,
        pack=1,
        instance_noise=0.0,
        instance_noise_steps=0,
        clip_weights=0.0,
        ema=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.generator, self.discriminator = generator, discriminator
        self.objective = objective or NonSaturating()
        self.penalties = list(penalties)
        self.prior = prior or Normal()
        self.pack = pack
        self.instance_noise = instance_noise
        self.instance_noise_steps = instance_noise_steps
        self.clip_weights, self.ema = clip_weights, ema
        if clip_weights:
            for weight in discriminator.trainable_variables:
                weight.constraint = ClipWeights(clip_weights)
        if ema:
            self.ema_generator = keras.models.clone_model(generator)
            self.ema_generator.set_weights(generator.get_weights())
            self.ema_generator.trainable = False
        self.equilibrium = {self.objective.readings[-1]: self.objective.equilibrium}
        self.tracked = (
            "D/adversarial",
            "G/adversarial",
            *self.objective.readings,
            *self.objective.accuracies,
            *(f"D/{penalty.name}" for penalty in self.penalties),
        )

    @property
    def scores_independently(self):
        """Whether D's answer to an example does not depend on the rest of its batch."""
        return not any(
            isinstance(layer, keras.layers.BatchNormalization)
            for layer in self.discriminator._flatten_layers()
        )

    def max_players(self):
        return [self.discriminator]

    def min_players(self):
        return [self.generator]

    def latents(self, n, seed, truncation=None):
        """What G is fed for `n` samples: a dict of tensors, the same for equal seeds.

        Args: `seed`, two integers; `truncation` as the prior documents it.
        """
        width = self.generator.input["z"].shape[-1]
        return {"z": self.prior((n, width), seed, truncation)}

    def draw(self, batch):
        return self.latents(ops.shape(batch["real"])[0], self.fresh_seed())

    def discriminator_inputs(self, x, batch):
        """What D is shown of data `x`, (n / pack, ...), that belongs to `batch`."""
        return x

    def judge(self, x, batch):
        """D's answer to packed data: a dict of float32 tensors with a "score"."""
        if self.instance_noise:
            noise = normal(ops.shape(x), self.fresh_seed())
            x = x + self._noise_level() * noise
        answer = self.discriminator(self.discriminator_inputs(x, batch), training=True)
        answer = answer if isinstance(answer, dict) else {"score": answer}
        return {name: ops.cast(value, "float32") for name, value in answer.items()}

    def _noise_level(self):
        if not self.instance_noise_steps:
            return self.instance_noise
        done = ops.cast(self.max_optimizer.iterations, "float32")
        return self.instance_noise * ops.relu(1.0 - done / self.instance_noise_steps)

    def packed(self, x):
        """(n, ..., c) to (n / pack, ..., pack * c): neighbours side by side."""
        if self.pack == 1:
            return x
        shape = list(x.shape[1:])
        x = ops.reshape(x, [-1, self.pack, *shape])
        x = ops.moveaxis(x, 1, -2)
        return ops.reshape(x, [-1, *shape[:-1], self.pack * shape[-1]])

    def make(self, batch):
        """G's input for a round on `batch`, and what it makes of it."""
        latent = self.draw(batch)
        return latent, self.generator(latent, training=True)

    def play(self, batch, made=None):
        latent, fake = made or self.make(batch)
        return Round(batch, latent, fake, lambda x, of: self.judge(self.packed(x), of))

    def max_terms(self, played):
        if self.scores_independently and not self.simultaneous:
            played.score_together()
        real, fake = played.real_answer["score"], played.answer["score"]
        diagnostics = self.objective.diagnostics(real, fake) | self.objective.accuracy(
            real, fake
        )
        for name, values in diagnostics.items():
            self.track(name, values)
        terms = {"adversarial": self.objective.discriminator(real, fake)}
        for penalty in self.penalties:
            terms[penalty.name] = self._penalise(penalty, played)
        return terms

    def _penalise(self, penalty, played):
        def measure():
            return penalty(
                lambda x: self.judge(x, played.batch)["score"],
                self.packed(played.batch["real"]),
                self.packed(played.fake),
                self.fresh_seed(),
            )

        if penalty.interval == 1:
            return measure()
        due = self.max_optimizer.iterations % penalty.interval == 0
        rows = ops.shape(played.answer["score"])[0]
        return tf.cond(due, measure, lambda: ops.zeros((rows,)))

    def min_terms(self, played):
        real = played.real_answer["score"] if self.objective.relative else None
        return {"adversarial": self.objective.generator(real, played.answer["score"])}

    def after_round(self):
        if self.ema:
            pairs = zip(
                self.ema_generator.variables, self.generator.variables, strict=True
            )
            pairs = [(a, w) for a, w in pairs if a.dtype.startswith("float")]
            tf.distribute.get_replica_context().merge_call(self._follow, args=(pairs,))

    def _follow(self, strategy, pairs):
        # Early on the average trusts the young G more than its own first guess.
        step = ops.cast(self.min_optimizer.iterations, "float32")
        share = 1.0 - ops.minimum(self.ema, (1.0 + step) / (10.0 + step))
        for ema, weight in pairs:
            strategy.extended.update(
                ema.value,
                lambda a, w: a.assign_add(share * (w - a)),
                args=(weight.value,),
            )

    @property
    def sampler(self):
        """The network that samples come from: the average of G where there is one."""
        return self.ema_generator if self.ema else self.generator

    @property
    def samplers(self):
        """All networks that `endpoints` need."""
        return [self.sampler]

    def call(self, latent, training=False):
        return self.sampler(latent, training=training)

    def images(self, latent):
        """uint8 images (n, H, W, C) for what `latents` returns."""
        return to_pixels(self.sampler(latent, training=False))

    def preview_latents(self, seed):
        """Latents that show the model at a glance: (latent, rows, columns)."""
        return self.latents(64, seed), 8, 8

    def probe(self, batch, held_out=None):
        return probe(self, batch, held_out)

    def preview_images(self, latent):
        """uint8 pictures (rows * columns, H, W, C) of what `showcase` returned."""
        return self.images(latent)

    def endpoints(self):
        """What the exported generator offers: name -> (function, signature).

        Functions take tensors and return dicts; images are uint8, "seed" is
        one int32, equal seeds give equal samples.
        """
        width = self.generator.input["z"].shape[-1]

        def serving_default(z):
            return {"images": self.images({"z": z})}

        def sample(n, seed):
            return {"images": self.images(self.latents(n, [0, seed]))}

        return {
            "serving_default": (serving_default, {"z": spec((None, width))}),
            "sample": (sample, {"n": spec((), "int32"), "seed": spec((), "int32")}),
        }

    def get_config(self):
        parts = {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "objective": self.objective,
            "penalties": self.penalties,
            "prior": self.prior,
        }
        names = (
            "pack",
            "instance_noise",
            "instance_noise_steps",
            "clip_weights",
            "ema",
        )
        return (
            super().get_config()
            | keras.saving.serialize_keras_object(parts)
            | {name: getattr(self, name) for name in names}
        )


def to_pixels(x):
    """Images in [-1, 1] to uint8 0..255, rounded."""
    x = ops.clip(ops.cast(x, "float32"), -1.0, 1.0)
    return ops.cast(ops.round((x + 1.0) * 127.5), "uint8")


def spec(shape, dtype="float32"):
    return tf.TensorSpec(shape, dtype)
