"""The values of pictures with more than 8 bits that become black and white."""

from collections.abc import Callable, Sequence

from kgan.typing import Log


def find_levels(
    look: Callable[[], Sequence[Sequence[float] | None | str]],
    count: int,
    total: int,
    given: Sequence[float],
    log: Log,
) -> tuple[float, ...] | None:
    """Returns the two values that become 0 and 255, or None for pictures of 8 bits.

    Scanners and cameras write numbers of 10 to 14 bits into files of 16: what black and
    white are, only the pictures themselves say.

    Args:
        look: returns the least and the largest value of each that has more than 8 bits,
            as `threads.read_spans` does; the others do not count.
        count: how many these are.
        total: how many pictures there are.
        given: the two values, or () for the least and the largest in all pictures.
        log: called with one line that says what was found.
    """
    if given or not count:
        return tuple(given) if count else None
    spans = [one for one in look() if one is not None and not isinstance(one, str)]
    if not spans:
        return None
    lows, highs = zip(*spans, strict=True)
    found = float(min(lows)), float(max(highs))
    if found[0] == found[1]:
        return None
    log(
        f"{count:,} of {total:,} images have more than 8 bits: their values, "
        f"{found[0]:,g} to {found[1]:,g}, become 0 to 255 (`range={typed(found)}`)"
    )
    return found


def typed(levels: Sequence[float]) -> str:
    """Returns two values as a user types them."""
    return ",".join(f"{value:.10g}" for value in levels)
