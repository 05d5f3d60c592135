"""The choice of XLA and of the steps per execution of a training step."""

import re
from typing import TYPE_CHECKING

import tensorflow as tf

from kgan.errors import UserError

if TYPE_CHECKING:
    from kgan.game import Game
    from kgan.training.options import Options

MOST_STEPS_PER_EXECUTION = 20


def tune(game: "Game", options: "Options", steps: int) -> None:
    """Sets XLA and the steps per execution of a compiled game.

    Args:
        game: a compiled game.
        options: the run's `Options`.
        steps: steps in an epoch.

    Raises:
        UserError: XLA or the number of steps cannot be used with this game.
    """
    game.jit_compile = _jit(game, options)
    game.steps_per_execution = _per_execution(options.steps_per_execution, steps)


def _jit(game, options):
    """Whether XLA compiles the training step."""
    if game.replicas > 1:
        if options.jit == "on":
            raise UserError(
                "jit=on",
                "XLA cannot compile a step that several replicas share",
                "use `jit=off`, or `strategy=one`",
            )
        return False
    if options.deterministic:
        if options.jit == "on":
            raise UserError(
                "jit=on",
                "TensorFlow turns XLA off when `deterministic` asks for deterministic "
                "operations",
                "use one of the two",
            )
        return False
    players = game.max_players() + game.min_players()
    # A player may be a single layer.
    layers = [one for player in players for one in getattr(player, "layers", [player])]
    refusing = [layer for layer in layers if not layer.supports_jit]
    if options.jit == "on" and refusing:
        reason = getattr(refusing[0], "why_no_jit", "it does not work under XLA")
        problem = f"the networks hold a {type(refusing[0]).__name__}: {reason}"
        raise UserError("jit=on", problem, "use `jit=off`")
    if options.jit == "auto":
        return not refusing and bool(tf.config.list_physical_devices("GPU"))
    return options.jit == "on"


def _per_execution(asked, steps):
    if not asked:
        most = min(steps, MOST_STEPS_PER_EXECUTION)
        return next(n for n in range(most, 0, -1) if steps % n == 0)
    if steps % asked:
        fits = ", ".join(map(str, divisors(steps)))
        raise UserError(
            f"steps_per_execution={asked}",
            f"does not divide the {steps} steps of an epoch; these do: {fits}",
        )
    return asked


def divisors(*numbers: int, most: int = 100) -> list[int]:
    """Returns the common divisors of `numbers`, up to `most`, in order."""
    last = min(*numbers, most)
    return [n for n in range(1, last + 1) if not any(k % n for k in numbers)]


def explained(error: Exception) -> Exception:
    """A UserError for what TensorFlow refuses at the user's word, or `error` itself."""
    refused = re.search(r"unsupported operations.*?JIT: (\w+)", str(error), re.DOTALL)
    if refused:
        problem = f"XLA cannot compile the operation {refused[1]}"
        return UserError("jit=on", problem, "use `jit=off`", exit_code=1)
    said = re.search(r"\bUserError: (.+)", str(error))
    if said:  # by what a tf.data.Dataset calls, such as a reader of shards
        return UserError(said[1], exit_code=1)
    if isinstance(error, tf.errors.ResourceExhaustedError):
        remedy = "take a smaller `batch_size`"
        return UserError("out of memory", remedy=remedy, exit_code=1)
    return error
