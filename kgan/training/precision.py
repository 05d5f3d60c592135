"""The precision of a run that leaves it to kgan: bfloat16 where that is faster."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from kgan.errors import UserError
from kgan.training import timing
from kgan.training.record import NAME, Record
from kgan.training.strategies import layers_of
from kgan.typing import PathLike

if TYPE_CHECKING:
    from kgan.data.dataset import Dataset
    from kgan.training.options import Options

AUTO, EXACT, SHORT = "auto", "float32", "mixed_bfloat16"
FASTER = 1.05  # times; less may be chance, and float32 rounds less
BRIEF = 3.0  # seconds of each that are measured
PROCESSORS = ("avx512_bf16", "amx_bf16")  # as Linux names what multiplies bfloat16
GPUS = (8, 0)  # the first compute capability that does


def decided(
    variant: Any,
    config: Any,
    data: "Dataset",
    workdir: PathLike,
    options: "Options",
    workers: int = 1,
) -> "Options":
    """Returns the options with a definite precision; logs what was chosen and why.

    With "auto", and by default with `hours`, some steps are measured in float32 and in
    bfloat16, where the processor has it. A run that is in the workdir keeps its
    precision.

    Args:
        variant: a `kgan.training.run.Variant`.
        config: the configuration, not yet resolved.
        data: that the run learns from.
        workdir: the run's folder.
        options: the run's `Options`.
        workers: how many processes train together.

    Raises:
        UserError: it cannot be measured before this run, or the game is compiled in
            another one.
    """
    asked = options.precision
    if variant.game is not None and asked != AUTO:
        return _as_compiled(variant.game, options)
    if asked not in (None, AUTO):
        return options
    if not options.fresh and (Path(workdir) / NAME).exists():
        return dataclasses.replace(options, precision=Record.read(workdir).precision)
    if asked is None and not options.hours:
        return dataclasses.replace(options, precision=options.policy)
    field, remedy = f"precision={AUTO}", f"use `precision={EXACT}` or {SHORT}"
    if asked is None:
        field, remedy = "hours", "leave it out"
    timing.check(field, remedy, variant, config, data, workers)
    precision, reason = _chosen(variant, config, data, options)
    options.log(f"precision={AUTO}: {precision}, as {reason}")
    return dataclasses.replace(options, precision=precision)


def _as_compiled(game, options):
    """The options with the precision of a compiled game, which they may not change."""
    names = {layer.dtype_policy.name for layer in layers_of(game)}
    own = next((name for name in sorted(names) if name.startswith("mixed_")), EXACT)
    if options.policy not in (own, EXACT):
        raise UserError(
            f"precision={options.precision}",
            f"the game was compiled in {own}",
            "call `keras.config.set_dtype_policy` before you build it",
        )
    return dataclasses.replace(options, precision=own)


def has_bfloat16() -> bool:
    """Returns whether what the run computes on multiplies bfloat16 by itself."""
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        details = map(tf.config.experimental.get_device_details, gpus)
        return all(one.get("compute_capability", (0, 0)) >= GPUS for one in details)
    try:
        known = Path("/proc/cpuinfo").read_text().split()
    except OSError:  # not Linux
        return False
    return not {*PROCESSORS}.isdisjoint(known)


def _chosen(variant, config, data, options):
    """(the precision, why)."""
    if not has_bfloat16():
        return EXACT, "this machine does not compute in bfloat16 by itself"
    times = {}
    for precision in (EXACT, SHORT):
        asked = dataclasses.replace(options, precision=precision)
        try:
            times[precision] = timing.step_time(variant, config, data, asked, BRIEF)
        except UserError as error:
            if precision == EXACT:
                raise
            return EXACT, f"the game does not take bfloat16: {error.problem}"
    told = ", ".join(f"{seconds:.3g} s in {name}" for name, seconds in times.items())
    faster = times[EXACT] > FASTER * times[SHORT]
    return SHORT if faster else EXACT, f"a step takes {told}"
