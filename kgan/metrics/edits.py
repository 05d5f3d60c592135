"""What an edit of pictures changed: the attribute that was asked for, and what else."""

from typing import Any

import numpy as np

from kgan.metrics.checks import check_images
from kgan.metrics.paired import paired_report


def edit_report(
    before: np.ndarray,
    edited: np.ndarray,
    true: np.ndarray,
    region: tuple[slice, slice],
) -> dict[str, Any]:
    """Measures edits against true ones, all uint8 (N, H, W, 1 or 3).

    Args:
        before: the pictures.
        edited: what an edit made of them.
        true: the same pictures with the change that was asked for, and no other.
        region: rows and columns in which the true edits lie.

    Returns a dict:
        PSNR, SSIM: of `edited` against `true` inside the region, as `paired_report`
            has them.
        outside: mean |edited - before| outside the region, on the scale of 0 to 255.
        locality: the share of the total change that lies inside; nan without a change.

    Raises UserError for arrays that are no images and ValueError for shapes that differ.
    """
    for one in (before, edited, true):
        check_images(one)
    if not before.shape == edited.shape == true.shape or not len(before):
        raise ValueError(f"no edits: {before.shape}, {edited.shape}, {true.shape}")
    inside = (slice(None), *region)
    change = np.abs(edited.astype(np.int16) - before)
    total, within = int(change.sum()), int(change[inside].sum())
    found = paired_report(edited[inside], true[inside])
    return {
        "PSNR": found["PSNR"],
        "SSIM": found["SSIM"],
        "outside": (total - within) / max(1, change.size - change[inside].size),
        "locality": within / total if total else float("nan"),
    }


def answer_report(
    before: np.ndarray, after: np.ndarray, number: int, wanted: int
) -> dict[str, float]:
    """Compares what a classifier of attributes says before and after an edit.

    Args:
        before: the option of each attribute that it sees in the pictures, (N, A).
        after: the same of the edited pictures.
        number: the attribute that was to be changed.
        wanted: the option that it was to get.

    Returns a dict of shares:
        success: pictures that have the wanted option.
        preservation: of the other attributes, those that are unchanged, a mean.
        joint: pictures that have the wanted option and all others unchanged.
    """
    has = after[:, number] == wanted
    same = np.delete(before == after, number, axis=1)
    return {
        "success": float(has.mean()),
        "preservation": float(same.mean()),
        "joint": float((has & same.all(1)).mean()),
    }
