"""The thresholds of all symptoms, and the experiment that set each number."""

from collections.abc import Iterator
from typing import NamedTuple


class Threshold(NamedTuple):
    """A number, what it bounds, and how it was found."""

    value: float
    meaning: str
    experiment: str


CHECK_EVERY = 100  # descents from one check to the next, at least
LONGEST = 12  # checks that a verdict may look back at

THRESHOLDS = {
    "loss": Threshold(
        100.0,
        "size of a loss",
        "healthy at most 3.3 (cgan), a D that wins 36; huge-rates 1e5 to 1e11",
    ),
    "saturation": Threshold(
        0.05,
        "gradient under minimax, over that under non-saturating",
        "healthy at least 0.08 (cgan's first check); strong-minimax at most 0.0007",
    ),
    "gradient": Threshold(
        1e-6,
        "norm of G's gradient",
        "healthy at least 0.17 (gan-relativistic); weak-discriminator 2e-7, whose D tells nothing apart",
    ),
    "told_apart": Threshold(
        0.9,
        "accuracy on fakes from which the row above counts",
        "weak-discriminator 0.5; a D that saturates 1",
    ),
    "young": Threshold(
        500,
        "steps before which images may be alike",
        "infogan draws 0.4 of the classes at step 220, gan 0.36 at 224, and both recover",
    ),
    "distance": Threshold(
        0.25,
        "distance of two images",
        "healthy at least 0.54 (infogan), a G that never learned 0.35; all-alike 0",
    ),
    "nearest": Threshold(
        0.2,
        "distance to the nearest image",
        "healthy at least 0.35 (infogan); tiny-latent at most 0.04, all-alike 0",
    ),
    "classes": Threshold(
        0.3,
        "classes drawn",
        "healthy at least 0.64 from step 500; tiny-latent 0.19 to 0.3, all-alike 0.1",
    ),
    "memory": Threshold(
        0.85,
        "chance that a known image scores above a new one",
        "healthy at most 0.73 (cgan at step 1,430); few (50 images) from step 1,100 on",
    ),
    "accuracy": Threshold(
        0.98,
        "accuracy on real images and on fakes",
        "healthy above it for one check at most (cgan); strong at every check",
    ),
    "gap": Threshold(
        0.9,
        "D(x) - D(G(z)) at the same check",
        "cgan 0.88 at its best check; strong at least 0.93",
    ),
    "swing_checks": Threshold(8, "checks that are looked back at", "see swing"),
    "swing": Threshold(
        0.1,
        "standard deviation of D's accuracy",
        "healthy and sick below 0.05 where it turns; no run on digits was found to swing",
    ),
    "swing_turns": Threshold(3, "times it crosses its mean", "see swing"),
    "away": Threshold(
        0.05,
        "of D(x), D(G(z)) and both accuracies from 1/2",
        "healthy 0.1 or more (dcgan's accuracies); weak-discriminator at most 0.04",
    ),
    "flat": Threshold(
        0.005,
        "of D(x) and D(G(z)) from 1/2, at which the mean of both accuracies counts",
        "weak-discriminator at most 0.0005; healthy 0.04 or more (gan)",
    ),
    "ever": Threshold(
        0.57,
        "mean of D's accuracies at its best check",
        "weak-discriminator at most 0.551; text after maximum likelihood 0.62 or more",
    ),
}


def as_markdown() -> Iterator[str]:
    """Yields the lines of the table in docs/health.md."""
    yield "| name | threshold | of | the experiment that set it |"
    yield "|---|---|---|---|"
    for name, (value, meaning, experiment) in THRESHOLDS.items():
        yield f"| `{name}` | {value:g} | {meaning} | {experiment} |"


if __name__ == "__main__":
    print("\n".join(as_markdown()))
