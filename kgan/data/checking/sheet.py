"""The contact sheet of a report: what is odd, as pictures with their reasons."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kgan.data.checking.parts import SHOWN
from kgan.data.checking.report import Report

COLUMNS, MOST = 10, 20  # pictures in a row, and cases of each finding
GAP, TITLE, CAPTION = 6, 26, 30  # pixels
LETTERS = 16  # of a caption's line


def contact_sheet(report: Report) -> np.ndarray:
    """Returns a picture of the odd pictures of a report, uint8 (H, W, 3).

    Of each finding the first 20 cases are shown, with their names and reasons. A file
    that cannot be read is a grey field.
    """
    rows = list(_rows(report))
    width = COLUMNS * (SHOWN.width + GAP) + GAP
    heights = [_height(cells) for _, cells in rows]
    sheet = Image.new("RGB", (width, sum(heights) + GAP), "white")
    drawing = ImageDraw.Draw(sheet)
    large, small = (ImageFont.load_default(size) for size in (15, 11))
    top = 0
    for (title, cells), height in zip(rows, heights, strict=True):
        drawing.text((GAP, top + GAP), title, "black", large)
        for number, (pixels, caption) in enumerate(cells):
            row, column = divmod(number, COLUMNS)
            left = GAP + column * (SHOWN.width + GAP)
            over = top + TITLE + GAP + row * (SHOWN.height + CAPTION + GAP)
            sheet.paste(Image.fromarray(pixels), (left, over))
            drawing.text((left, over + SHOWN.height), caption, "black", small)
        top += height
    return np.asarray(sheet)


def _height(cells):
    lines = -(-len(cells) // COLUMNS)
    return TITLE + GAP + lines * (SHOWN.height + CAPTION + GAP)


def _rows(report):
    """Yields (title, cells) of each finding that has pictures or names."""
    if not report.findings:
        yield f"{report.dataset}: nothing is odd", []
    for finding in report.findings:
        cases = finding.cases[:MOST]
        more = f" (the first {MOST})" if len(finding.cases) > MOST else ""
        mark = "misleads: " if finding.misleads else ""
        yield f"{mark}{finding.text}{more}", list(_cells(cases))


def _cells(cases):
    """Yields (pixels, caption) of each picture of the cases."""
    blank = np.full((*SHOWN, 3), 128, np.uint8)
    for case in cases:
        pictures = [show() for show in case.shows] or [blank]
        for number, pixels in enumerate(pictures):
            second = "= the one before" if number else case.reason
            yield pixels, f"{_end(case.names[number])}\n{second[:LETTERS]}"


def _end(name):
    """The end of a name, which tells files apart."""
    return name if len(name) <= LETTERS else f"...{name[3 - LETTERS :]}"
