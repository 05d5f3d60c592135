"""The endpoints of an exported generator, made from the controls of its game."""

import functools
import itertools
from collections.abc import Callable, Iterable
from typing import TypeAlias

import tensorflow as tf

from kgan.controls import Control, Input
from kgan.game import Game
from kgan.typing import Tensors

# name -> (function, {argument: its spec}).
Endpoints: TypeAlias = dict[
    str, tuple[Callable[..., Tensors], dict[str, tf.TensorSpec]]
]


def endpoints(game: Game) -> Endpoints:
    """Returns the endpoints of a game: name -> (function, {argument: tf.TensorSpec}).

    Functions take tensors and return dicts of tensors. A game that starts from noise has

    - `serving_default`, which takes what the generator takes;
    - `sample(n, seed)`; equal seeds give equal samples;
    - `sample_NAME(n, seed, NAME)` for each of its controls, and with several names for
      each choice of several, such as `sample_category_truncation`;
    - `generate(n, seed, ...)` with all controls, if there are several.

    A game that starts from data has an endpoint for each direction, which takes its other
    controls as well, each with a value that means none. A value that a
    control does not take is refused in the graph. Returns {} for a game that makes no
    samples.
    """
    if not game.samplers:
        return {}
    inputs = [one for one in game.controls() if isinstance(one, Input)]
    return _of_inputs(game, inputs) if inputs else _of_noise(game)


def _of_inputs(game, inputs):
    others = [one for one in game.controls() if one.absent is not None]
    specs = {one.name: one.spec for one in others}
    found = {}
    for control in inputs:
        plural = control.field.kind.plural
        function = functools.partial(_translate, game, control, others)
        found[control.endpoint] = function, {plural: control.spec} | specs
    return {"serving_default": found[inputs[0].endpoint]} | found


def _translate(game, control, others, **given):
    values = {one.name: one.guarded(given[one.name]) for one in others}
    stored = given[control.field.kind.plural]
    made = game.generate_checked(
        len(stored.shape), 0, **{control.name: stored}, **values
    )
    return game.real_field.kind.exported(made)


def _of_noise(game):
    draw = {"n": tf.TensorSpec((), tf.int32), "seed": tf.TensorSpec((), tf.int32)}
    controls = {control.name: control for control in game.controls()}

    def sample(n, seed, **given):
        values = {name: controls[name].guarded(value) for name, value in given.items()}
        latent = game.latents(n, [0, seed], **values)
        return _named(game, latent) | game.control_values(latent)

    def serving_default(**given):
        known = given.keys() & controls.keys()
        guarded = {name: controls[name].guarded(given[name]) for name in known}
        taken = {k: controls[k].as_input(v) for k, v in guarded.items()}
        return _named(game, given | taken)

    takes = {
        name: tf.TensorSpec(one.shape, one.dtype)
        for name, one in game.generator.input.items()
    }
    for name in takes.keys() & controls.keys():
        spec = controls[name].spec
        takes[name] = tf.TensorSpec((None, *spec.shape), spec.dtype)
    found = {"serving_default": (serving_default, takes), "sample": (sample, draw)}
    specs = {name: control.spec for name, control in controls.items()}
    for count in range(1, len(specs) + 1):
        for names in itertools.combinations(specs, count):
            taken = {name: specs[name] for name in names}
            found[endpoint(controls.values(), names)] = sample, draw | taken
    return found


def endpoint(controls: Iterable[Control], given: Iterable[str]) -> str:
    """Returns the name of the endpoint that draws samples with the `given` controls.

    Args:
        controls: those of the game.
        given: names of controls.
    """
    names = [control.name for control in controls]
    if len(names) > 1 and set(names) == set(given):
        return "generate"
    return "_".join(["sample", *(name for name in names if name in given)])


def _named(game, latent):
    return game.real_field.kind.exported(game.samples(latent))
