"""What needs no training: flood fill, GrabCut, the filled box. They tell how hard the task is."""

import cv2
import numpy as np

from regions import intersection_over_union

TOLERANCES = (2, 4, 6, 9, 13, 18, 25, 35, 50, 70)  # in Lab units
FIXED_TOLERANCE = 18


def flood(picture, point, truth):
    """IoU of a flood fill from the click: with the best tolerance, and with FIXED_TOLERANCE.

    The best one is found by looking at the true mask, so it is more than a program could know.
    """
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    flags = 4 | (1 << 8) | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
    scores = {}
    for tolerance in TOLERANCES:
        mask = np.zeros((picture.shape[0] + 2, picture.shape[1] + 2), np.uint8)
        cv2.floodFill(lab.copy(), mask, point, 0, (tolerance,) * 3, (tolerance,) * 3, flags)
        scores[tolerance] = intersection_over_union(mask[1:-1, 1:-1] > 0, truth)
    return max(scores.values()), scores[FIXED_TOLERANCE]


def grab_cut(picture, box):
    """OpenCV's GrabCut from a tight box, five iterations; the filled box where it fails."""
    mask = np.zeros(picture.shape[:2], np.uint8)
    x0, y0, x1, y1 = box
    rectangle = (x0, y0, max(1, x1 - x0 + 1), max(1, y1 - y0 + 1))
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = picture[..., ::-1].copy()
    try:
        cv2.grabCut(bgr, mask, rectangle, background, foreground, 5, cv2.GC_INIT_WITH_RECT)
    except cv2.error:
        return filled_box(picture, box)
    return (mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)


def filled_box(picture, box):
    mask = np.zeros(picture.shape[:2], bool)
    x0, y0, x1, y1 = box
    mask[y0 : y1 + 1, x0 : x1 + 1] = True
    return mask
