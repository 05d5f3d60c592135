"""Flags that say on what a run is computed, and how."""

from absl import flags as absl_flags


def define_flags() -> None:
    """Defines the flags."""
    _define_computing()
    _define_sharing()


def _define_computing():
    absl_flags.DEFINE_float(
        "hours",
        0.0,
        "About how long to train, in place of a number of epochs: some steps are timed on "
        "this machine first. The same command goes on with the length it had.",
        lower_bound=0.0,
    )
    absl_flags.DEFINE_enum(
        "jit", "auto", ["auto", "on", "off"], "XLA; auto: where it was measured faster."
    )
    absl_flags.DEFINE_integer(
        "steps_per_execution",
        0,
        "Training steps per call of the graph; 0 chooses.",
        lower_bound=0,
    )
    absl_flags.DEFINE_enum(
        "precision",
        None,
        ["float32", "mixed_bfloat16", "mixed_float16", "auto"],
        "What the networks compute in; auto: bfloat16 where some steps with it are faster "
        "on this machine. By default auto with --hours, else float32; a run that goes on "
        "keeps its own.",
    )
    absl_flags.DEFINE_bool(
        "deterministic",
        False,
        "Only operations that give the same bits every time. Costs XLA, and speed on a GPU; "
        "on a CPU no cost was measured.",
    )


def _define_sharing():
    absl_flags.DEFINE_enum(
        "strategy",
        "auto",
        ["auto", "one", "mirrored", "workers"],
        "Who shares each batch: mirrored takes all GPUs of this machine, workers the "
        "processes that $TF_CONFIG names; auto does so where there are several.",
    )
    absl_flags.DEFINE_integer(
        "workers",
        0,
        "Start so many processes on this machine, which train together; their output is "
        "in WORKDIR/worker-K.log.",
        lower_bound=0,
    )
    absl_flags.DEFINE_integer(
        "restarts",
        3,
        "How often --workers starts all of them again after one was killed.",
        lower_bound=0,
    )
    absl_flags.DEFINE_enum(
        "cluster",
        "tf_config",
        ["tf_config", "slurm"],
        "Where the workers are named: in $TF_CONFIG, or by Slurm in a step of srun.",
    )
    absl_flags.DEFINE_bool(
        "sync_batch_norm",
        True,
        "With several replicas: statistics of batch norm from the whole batch, and not "
        "from each replica's part of it.",
    )
