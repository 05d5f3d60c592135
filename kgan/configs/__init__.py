"""The configurations, one file per variant.

In a checkout they lie in the top-level folder `configs/`, which this package points
to; an installed kgan has the files themselves here.

Example:
    from kgan.configs import gan

    run = kgan.train(gan.Config(width=16, epochs=2), workdir="runs/narrow")
"""

from pathlib import Path

__path__ = [str(Path(__file__).resolve().parents[2] / "configs")]
