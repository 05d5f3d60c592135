"""Whether there is enough data, and which fields of a configuration would help."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from kgan.data.checking.report import Case, Finding
from kgan.data.decoding import fitting
from kgan.data.decoding.size import Drawable
from kgan.sizes import Size

# (Fewer mislead, fewer are few), for games that draw from noise and for translations,
# which compare each picture with another one. Judgement, not measurement.
FEW = {False: (100, 1000), True: (20, 100)}
FEW_OF_A_CLASS = 10
UNEVEN = 10  # times as many of the largest class as of the smallest
FEW_STEPS = 10  # in a pass over the data
SMALLEST_BATCH = 8
NOTABLE = 0.25  # a share of an image that is cut off, or of the images

Advice = dict[str, tuple[Any, str]]


def of_number(
    count: int, classes: dict[str, int], domains: bool, config: dict[str, Any]
) -> tuple[list[Finding], Advice]:
    """Returns findings about the number of pictures, and fields that would help.

    Args:
        count: pictures, or pairs, that are trained on.
        classes: name -> how many pictures it has; {} without classes.
        domains: whether they are two domains of a translation.
        config: name of a field -> its value.
    """
    findings, advice = [], {}
    too_few, few = FEW[domains]
    if count < few:
        least = too_few if count < too_few else few
        text = f"{count:,} pictures are few: D learns fewer than {least:,} by heart"
        findings.append(Finding("few", text, count < too_few))
        advice |= _against_few(config)
    small = [Case((name,), f"{n}") for name, n in classes.items() if n < FEW_OF_A_CLASS]
    if small:
        text = f"{len(small):,} classes have fewer than {FEW_OF_A_CLASS} pictures"
        findings.append(Finding("small class", text, cases=tuple(small)))
    if classes and max(classes.values()) > UNEVEN * max(1, min(classes.values())):
        least, most = (
            f"{end(classes, key=lambda name: classes[name])} has "
            f"{end(classes.values()):,}"
            for end in (min, max)
        )
        findings.append(Finding("uneven classes", f"{most}, {least}"))
    batch = config.get("batch_size", 0)
    if batch > SMALLEST_BATCH and count < FEW_STEPS * batch:
        smaller = max(SMALLEST_BATCH, 2 ** int(np.log2(max(1, count // FEW_STEPS))))
        steps = f"{count // batch:,} steps"
        advice["batch_size"] = (
            smaller,
            f"{batch} leave {steps} to a pass over the data",
        )
    return findings, {k: v for k, v in advice.items() if k in config}


def of_sizes(
    sizes: Sequence[Size],
    size: Size,
    config: dict[str, Any],
    drawable: Drawable | None = None,
) -> tuple[list[Finding], Advice]:
    """Returns findings about the sizes of pictures, and fields that would help.

    Args:
        sizes: of the pictures.
        size: to which they are brought.
        config: name of a field -> its value.
        drawable: the sizes that a network can draw; None for all.
    """
    findings, advice = [], {}
    counts = Counter(sizes)
    enlarged = sum(
        n
        for one, n in counts.items()
        if fitting.largest(one, size).height < size.height
    )
    if enlarged > NOTABLE * len(sizes):
        text = f"{enlarged:,} are enlarged to {size}, which shows no detail"
        findings.append(Finding("enlarged", text))
        side = int(np.median([min(one) for one in sizes]))
        smaller = Size(side, side)
        if drawable is not None:
            smaller = drawable.nearest(smaller)[0]
        if smaller < size:
            advice["image_size"] = (smaller.plain, "is what most of them have")
    cut = cut_off(sizes, size) if config.get("fit") == "crop" else 0
    if cut > NOTABLE:
        why = f"keeps the {100 * cut:.0f} % that the crop takes away"
        advice["fit"] = ("pad", why)
    return findings, {k: v for k, v in advice.items() if k in config}


def cut_off(sizes: Sequence[Size], size: Size) -> float:
    """Returns the mean share of pictures that a crop to the shape of `size` takes away."""
    counts = Counter(sizes)
    each = [n * (1 - fitting.kept(one, size)) for one, n in counts.items()]
    return sum(each) / max(1, len(sizes))


def _against_few(config):
    """Fields that make more of few pictures, with what they do."""
    # Captions may name colours, which stay as they are.
    parts = "translation+cutout" if "text_encoder" in config else "diffaugment"
    change = {
        "flip": (True, "twice as many, if mirrored ones look right as well"),
        "jitter": (0.117, "no picture is seen in the same place twice"),
        "augmentations": (parts, "D sees no picture twice in the same way"),
        "instance_noise": (0.1, "D cannot learn noisy pictures by heart"),
    }
    unset = (None, False, 0, "none")
    return {name: told for name, told in change.items() if config.get(name) in unset}
