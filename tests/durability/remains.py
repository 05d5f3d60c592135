"""What a run leaves, for a comparison of two runs bit by bit."""

import hashlib
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def remains(workdir):
    """Everything that two equal runs have in common: name -> digest."""
    workdir = Path(workdir)
    newest = tf.train.latest_checkpoint(str(workdir / "checkpoints"))
    found = {
        f"checkpoint {name}": value
        for name, value in tensors(newest)
        if name.startswith("state/")
    }
    if (workdir / "generator").exists():
        weights = tensors(workdir / "generator" / "variables" / "variables")
        # Keras numbers some of an export's variables by their place in memory.
        found["generator"] = sorted(
            value for name, value in weights if name != "_CHECKPOINTABLE_OBJECT_GRAPH"
        )
    tables = [workdir / "history.csv", workdir / "health.csv"]
    for file in [*tables, *sorted((workdir / "samples").glob("*"))]:
        found[str(file.relative_to(workdir))] = digest(file.read_bytes())
    for run in ("train", "equilibrium"):
        tensorboard = EventAccumulator(
            str(workdir / "tensorboard" / run), {"tensors": 0}
        )
        for tag in tensorboard.Reload().Tags()["tensors"]:
            if not tag.startswith("speed/"):
                points = [
                    (e.step, e.tensor_proto.SerializeToString())
                    for e in tensorboard.Tensors(tag)
                ]
                found[f"{run} {tag}"] = digest(repr(points).encode())
    first = workdir / "stage-1"
    return found | {
        f"stage-1 {name}": value
        for name, value in (remains(first) if first.exists() else {}).items()
    }


def tensors(path):
    """Yields (name, digest) of all that a TensorFlow checkpoint holds."""
    reader = tf.train.load_checkpoint(str(path))
    for name in sorted(reader.get_variable_to_shape_map()):
        value = reader.get_tensor(name)
        bare = value if isinstance(value, bytes) else np.asarray(value).tobytes()
        yield name, digest(bare)


def digest(content):
    return hashlib.sha256(content).hexdigest()


def unlike(first, second):
    """Names under which two runs' remains differ."""
    return sorted(n for n in {*first, *second} if first.get(n) != second.get(n))
