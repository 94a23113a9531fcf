"""Measures of masks (bool [height, width]) that the evaluation and the golden values share."""

import cv2
import numpy as np

BOUNDARY_TOLERANCE = 0.0075  # of the diagonal, as BSDS500's own benchmark has it


def intersection_over_union(a, b):
    return (a & b).sum() / max(1, (a | b).sum())


def outline(mask):
    """The pixels of a mask that touch what is not of it, or the edge of the picture."""
    inside = cv2.erode(
        mask.astype(np.uint8),
        np.ones((3, 3), np.uint8),
        borderType=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    return mask & (inside == 0)


def boundary_f(answer, truth):
    """F-measure of the outlines: how much of each lies near the other. 1 where both are empty."""
    a, b = outline(answer), outline(truth)
    if not a.any() or not b.any():
        return float(a.any() == b.any())
    reach = max(1.0, BOUNDARY_TOLERANCE * float(np.hypot(*truth.shape)))
    to_a, to_b = (cv2.distanceTransform(np.uint8(~m), cv2.DIST_L2, 5) for m in (a, b))
    precision, recall = float((to_b[a] <= reach).mean()), float((to_a[b] <= reach).mean())
    return 2 * precision * recall / max(1e-9, precision + recall)


def deepest(mask):
    """The point farthest from a mask's edge, (x, y), and its distance. (0, 0) where it is empty."""
    padded = np.pad(mask.astype(np.uint8), 1)
    distance = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]
    i = int(distance.argmax())
    return (i % mask.shape[1], i // mask.shape[1]), float(distance.max())


def bounding_box(mask):
    """x0, y0, x1, y1, ends included."""
    ys, xs = np.nonzero(mask)
    return int(xs.min()), int(ys.min()), int(xs.max()), int(ys.max())


def connected_piece(mask, point):
    """The piece of a mask that holds the point; the whole mask if none does."""
    _, pieces = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    under = pieces[point[1], point[0]]
    return pieces == under if under else mask
