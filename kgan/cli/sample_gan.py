"""Draws samples from a trained workdir: a grid, single PNGs or an NPZ."""

import functools
from pathlib import Path
from typing import Any

from absl import flags

from kgan.cli import app, runs
from kgan.cli.flags import define_path, define_seed

FLAGS = flags.FLAGS
TO = "_to"  # ends the flag of the text that a row of samples goes to
EACH = "each"  # in the place of an option: all of them


def define_flags() -> None:
    """Defines the flags."""
    runs.define_run()
    define_path(
        "out",
        None,
        "A .png (one picture; a .txt for text), a .npz (the samples and what they were "
        "drawn from) or a folder (a file each); WORKDIR/samples/samples.png by default.",
    )
    flags.DEFINE_integer(
        "n",
        64,
        "How many samples; of a control that says each, of each of its options.",
        lower_bound=1,
        upper_bound=1_000_000,
    )
    define_seed("Equal seeds give equal samples.")
    flags.DEFINE_integer(
        "interpolate",
        0,
        "Steps from one sample to another along the sphere; each row of n / steps is a pair.",
        lower_bound=0,
        upper_bound=1000,
    )


def define_controls() -> None:
    """Defines flags for the controls of the run, such as --label or --category."""
    if FLAGS.workdir is None:
        return
    for control in game().controls():
        each = f"; or {EACH}" if _has_each(control) else ""
        told = f"{control.help}: {control.allowed}{each}."
        flags.DEFINE_string(control.name, None, told)
        if control.has_way:
            flags.DEFINE_string(
                f"{control.name}{TO}",
                None,
                f"The {control.name} at the end of a row, with --interpolate: each row "
                f"goes from --{control.name} to it.",
            )


@functools.cache
def game() -> Any:
    """Returns the game of the run."""
    return runs.restored(FLAGS)[0]


def sample() -> None:
    """Draws samples, and writes them."""
    from kgan.applications import sampling
    from kgan.errors import UserError

    if FLAGS.workdir is None:
        raise UserError("workdir", "say which run")
    if FLAGS.interpolate == 1:
        raise UserError("interpolate=1", "takes at least 2 steps")
    seed, values, until = (0, FLAGS.seed), _values(), _values(TO)
    together = game().real_field.kind.together
    default = Path(FLAGS.workdir) / "samples" / f"samples{together}"
    path = Path(FLAGS.out or default)
    columns, titles = FLAGS.interpolate, ()
    if until:
        _check_way(values, until)
        way = sampling.between_texts(game(), FLAGS.n, columns, seed, values, until)
        print(sampling.write_samples(game(), *way, columns, path))
        return
    if any(value is EACH for value in values.values()):
        latent, titles = _of_each(values, seed)
        columns = FLAGS.n
    elif columns:
        rows = max(1, FLAGS.n // columns)
        latent = sampling.interpolate(game(), rows, columns, seed, **values)
    else:
        latent = game().latents(FLAGS.n, seed, **values)
        columns = min(FLAGS.n, max(1, round(FLAGS.n**0.5)))
    print(sampling.write(game(), latent, columns, path, titles))


def _values(ending=""):
    """The controls that were given: name -> value."""
    controls = {one.name: one for one in game().controls()}
    given = {
        name: FLAGS[name + ending].value
        for name in controls
        if name + ending in FLAGS and FLAGS[name + ending].present
    }
    return {
        name: EACH
        if text == EACH and _has_each(controls[name])
        else controls[name].parsed(text)
        for name, text in given.items()
    }


def _has_each(control):
    """Whether `EACH` may be asked of a control: it has options, none of this name."""
    return EACH not in getattr(control, "options", (EACH,))


def _of_each(values, seed):
    """Latents of n samples of each option of a control, and their names."""
    import numpy as np

    from kgan.errors import UserError

    asked = [name for name, value in values.items() if value is EACH]
    if len(asked) > 1 or FLAGS.interpolate:
        other = asked[1] if len(asked) > 1 else "interpolate"
        raise UserError(f"{asked[0]}={EACH}", f"does not go with `{other}`")
    (control,) = [one for one in game().controls() if one.name == asked[0]]
    options = np.repeat(np.arange(len(control.options), dtype=np.int32), FLAGS.n)
    latent = game().latents(len(options), seed, **(values | {asked[0]: options}))
    return latent, [str(control.options[number]) for number in options]


def _check_way(values, until):
    from kgan.errors import UserError

    for name in until:
        if name not in values or FLAGS.interpolate < 2:
            raise UserError(
                f"{name}{TO}",
                "is where a row ends",
                f"say `{name}`, where it begins, and `interpolate`, in how many steps",
            )


def main() -> None:
    """Runs the command."""
    app.run(sample, FLAGS, define_flags, prepare=define_controls)
