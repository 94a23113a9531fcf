"""Measures of masks (bool [height, width]) that the evaluation and the golden values share."""

import cv2
import numpy as np


def intersection_over_union(a, b):
    return (a & b).sum() / max(1, (a | b).sum())


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
