"""The formats of image files that are read, and the suffixes of their names."""

import functools
import importlib.util

from PIL import features

# Only these decoders ever see a file, whatever its name or its content claims.
SUFFIXES_OF = {
    "PNG": (".png", ".apng"),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
    "AVIF": (".avif",),
    "HEIF": (".heic", ".heif", ".hif"),
}
# Formats that not every installation reads, and what is missing then.
LACKING = {
    "AVIF": "a Pillow built with AVIF",
    "HEIF": "pip install 'kgan[heic]'",
}


@functools.cache
def readable() -> tuple[str, ...]:
    """Returns the names of the formats that this installation reads, as Pillow's."""
    found = [name for name in SUFFIXES_OF if name not in LACKING]
    if features.check("avif"):
        found.append("AVIF")
    if importlib.util.find_spec("pillow_heif"):
        import pillow_heif  # pyright: ignore[reportMissingImports] an extra

        pillow_heif.register_heif_opener()
        found.append("HEIF")
    return tuple(found)


def usual_suffixes() -> tuple[str, ...]:
    """Returns the usual suffix of each format that is read, in lower case."""
    return tuple(SUFFIXES_OF[name][0] for name in readable())


def lacking(suffix: str) -> str:
    """Returns what this installation lacks to read files with this suffix, or ""."""
    for name, needed in LACKING.items():
        if suffix.lower() in SUFFIXES_OF[name] and name not in readable():
            return needed
    return ""


def unread(suffix: str) -> str:
    """Returns why files with this suffix are not read, or "" if they are.

    Args:
        suffix: of a file's name, with its dot and in any case; "" for none.
    """
    suffix, needed = suffix.lower(), lacking(suffix)
    if needed:
        return f"of suffix {suffix}, which needs {needed}"
    if any(suffix in known for known in SUFFIXES_OF.values()):
        return ""
    return f"of suffix {suffix}" if suffix else "without a suffix"
