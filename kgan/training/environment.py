"""The software and hardware that can change the bits of a result."""

import os
import platform
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

import kgan
from kgan.data.decoding.threads import cores

if TYPE_CHECKING:
    from kgan.game import Game


def machine() -> str:
    """Returns the processor or accelerator, the threads and the version, in a line."""
    count = threads()
    hands = "1 thread" if count == 1 else f"{count} threads"
    return f"{_device()}, {hands}, TensorFlow {tf.__version__}"


def describe(game: "Game", deterministic: bool) -> dict[str, Any]:
    """Returns a dict, name -> plain value, of what can change the bits of a result.

    Two runs with the same configuration and an equal environment can give equal bits.

    Args:
        game: the compiled game.
        deterministic: whether TensorFlow's op determinism is on.
    """
    return {
        "kgan": kgan.__version__,
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "device": _device(),
        # A sum over parts depends on how many hands share it.
        "threads": threads(),
        "oneDNN": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "default"),
        "jit": bool(game.jit_compile),
        "steps_per_execution": game.steps_per_execution,
        "deterministic": deterministic,
        **({"replicas": game.replicas} if game.replicas > 1 else {}),
    }


def threads() -> int:
    """Returns how many threads TensorFlow uses for one operation."""
    return tf.config.threading.get_intra_op_parallelism_threads() or _cores()


def _cores():
    given = os.environ.get("TF_NUM_INTRAOP_THREADS", "")
    if given.isdigit() and int(given):
        return int(given)
    return cores()


def _device():
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        details = tf.config.experimental.get_device_details(gpus[0])
        return f"{len(gpus)} x {details.get('device_name', 'GPU')}"
    try:
        with open("/proc/cpuinfo") as lines:
            models = [line for line in lines if line.startswith("model name")]
        return models[0].split(":", 1)[1].strip()
    except (OSError, IndexError):
        return platform.machine()
