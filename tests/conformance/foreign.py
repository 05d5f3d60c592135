"""A client that has no kgan: loads exported generators, calls every endpoint.

Usage: foreign.py FOLDER. FOLDER holds calls.json, name -> list of
[endpoint, arguments], with a SavedModel FOLDER/name for each; writes answers.npz.
"""

import json
import sys
from pathlib import Path

sys.modules["kgan"] = sys.modules["keras"] = None  # importing them is an error

import numpy as np
import tensorflow as tf


def as_tensor(value, name):
    kinds = {"z": tf.float32, "motion": tf.float32, "caption": tf.string}
    kinds |= dict.fromkeys(("images", "clips"), tf.uint8)
    kinds |= dict.fromkeys(("continuous", "truncation", "temperature"), tf.float32)
    return tf.constant(value, kinds.get(name, tf.int32))


def main(folder):
    answers = {}
    for name, calls in json.loads((folder / "calls.json").read_text()).items():
        model = tf.saved_model.load(str(folder / name))
        for i, (endpoint, arguments) in enumerate(calls):
            tensors = {key: as_tensor(value, key) for key, value in arguments.items()}
            for output, value in getattr(model, endpoint)(**tensors).items():
                array = value.numpy()
                plain = array.astype("S") if array.dtype == object else array
                answers[f"{name}/{i}/{output}"] = plain
    np.savez(folder / "answers.npz", **answers)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
