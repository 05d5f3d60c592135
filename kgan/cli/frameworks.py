"""The quiet import of TensorFlow."""

import os
import sys


def import_tensorflow(devices: bool = True) -> None:
    """Imports TensorFlow without the lines that its C++ side writes to stderr.

    Args:
        devices: let it find the devices as well; not where workers still have to meet,
            which is the first that TensorFlow does.
    """
    if "tensorflow" in sys.modules:
        return
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        import tensorflow as tf

        if devices and not os.environ.get("TF_CONFIG"):
            tf.config.list_logical_devices()
    finally:
        os.dup2(kept, 2)
        os.close(kept)
