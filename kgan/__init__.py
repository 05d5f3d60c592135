"""Generative adversarial networks for Keras 3 on TensorFlow.

    import kgan

    run = kgan.train("infogan", dataset="digits", workdir="runs/mine", epochs=50)
    images = kgan.load("runs/mine").generate(16, seed=0, category=3)

The public names stand in `__init__.pyi`. Each is loaded when it is first asked for:
importing kgan is quick, and a wrong command is answered before TensorFlow is loaded.
"""

import lazy_loader

__version__ = "0.2.0"
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
