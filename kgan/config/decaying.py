"""The field of the variants whose rates fall towards the end of a run."""

from dataclasses import dataclass

from kgan.fields import option


@dataclass(frozen=True)
class Decaying:
    """Adds to `kgan.config.Common` how the learning rates of both sides fall."""

    decay: float = option(
        0.5,
        "share of the run, at its end, in which both rates fall linearly to 0; 0 is "
        "none; with it, a run cannot be made longer",
        least=0.0,
        most=1.0,
    )
