"""Opening of image files: what is wrong with one becomes a reason in a few words."""

import contextlib
import errno
import os
import typing
from collections.abc import Iterator

from PIL import Image, ImageFile, UnidentifiedImageError

from kgan.data.decoding import formats
from kgan.typing import PathLike

# A file of some kilobytes can announce gigabytes of pixels.
LARGEST_MEGAPIXELS = 64

Source: typing.TypeAlias = PathLike | typing.BinaryIO


# What a disk, or a machine that is short of something, may do better the next time.
PASSING = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ETIMEDOUT}
PASSING |= {errno.ESTALE, errno.ENOMEM, errno.EBUSY, errno.EINTR}


class PassingReason(str):
    """A reason that need not hold the next time, such as a disk that did not answer."""


class UnusablePicture(Exception):
    """A picture that cannot be decoded; the message is the reason.

    Attributes:
        reason: the message; a `PassingReason` where the file itself may be whole.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@contextlib.contextmanager
def opened(source: Source) -> Iterator[ImageFile.ImageFile]:
    """Opens a path or a binary stream with Pillow, in a context that closes it.

    Raises:
        UnusablePicture: for everything that goes wrong inside of the context.
    """
    try:
        if not isinstance(source, (str, os.PathLike)):
            source.seek(0)
        # A named pipe called x.png would block for ever.
        elif not os.path.isfile(source):
            there = os.path.lexists(source)
            raise UnusablePicture("not a regular file" if there else "does not exist")
        with Image.open(source, formats=formats.readable()) as image:
            if image.width * image.height > LARGEST_MEGAPIXELS * 1_000_000:
                raise Image.DecompressionBombError(f"{image.width}x{image.height}")
            yield image
    except UnusablePicture:
        raise
    # Files come from anywhere, and Pillow's decoders raise OSError, SyntaxError,
    # ValueError, struct.error and others: one bad file must not end the run.
    except Exception as error:
        reason = _reason(source, error)
        number = getattr(error, "errno", None)  # Pillow's own errors have none
        passing = isinstance(error, MemoryError) or number in PASSING
        raise UnusablePicture(PassingReason(reason) if passing else reason) from error


def _reason(source, error):
    """Say in a few words why `source` failed with `error`."""
    if isinstance(error, Image.DecompressionBombError):
        return f"larger than {LARGEST_MEGAPIXELS} megapixels"
    if isinstance(error, UnidentifiedImageError):
        if isinstance(source, (str, os.PathLike)):
            if os.path.getsize(source) == 0:
                return "empty"
            needed = formats.lacking(os.path.splitext(source)[1])
            if needed:
                return f"unreadable without {needed}"
        return "not an image of a known kind"
    if "truncated" in str(error).lower():
        return "truncated"
    return f"damaged: {error}" if str(error) else "damaged"
