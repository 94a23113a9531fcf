"""Finds the nearest triangle at every pixel. Compiled by Numba."""

import numba
import numpy as np

NONE = -1  # no triangle


@numba.njit(cache=True)
def rasterise(corners, nearness, height, width):
    """Draws triangles into a depth buffer.

    corners float32 [n, 3, 2]: x and y in pixels, pixel centres at whole numbers. nearness float32
    [n, 3]: what is interpolated linearly on the screen; the largest wins, triangles with a corner
    at or below 0 are left out (they reach behind the camera).
    -> index int32 [height, width] (NONE where there is nothing), nearness float32 of the winner
    """
    index = np.full((height, width), NONE, np.int32)
    depth = np.zeros((height, width), np.float32)
    for t in range(corners.shape[0]):
        a, b, c = nearness[t, 0], nearness[t, 1], nearness[t, 2]
        if a <= 0 or b <= 0 or c <= 0:
            continue
        ax, ay = corners[t, 0, 0], corners[t, 0, 1]
        bx, by = corners[t, 1, 0], corners[t, 1, 1]
        cx, cy = corners[t, 2, 0], corners[t, 2, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < 1e-8:
            continue
        left = max(0, int(np.ceil(min(ax, bx, cx))))
        right = min(width - 1, int(np.floor(max(ax, bx, cx))))
        top = max(0, int(np.ceil(min(ay, by, cy))))
        bottom = min(height - 1, int(np.floor(max(ay, by, cy))))
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                u = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area
                v = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area
                w = 1 - u - v
                if u < -1e-5 or v < -1e-5 or w < -1e-5:
                    continue
                z = u * a + v * b + w * c
                if z > depth[y, x]:
                    depth[y, x] = z
                    index[y, x] = t
    return index, depth


@numba.njit(cache=True)
def weights_at(corners, nearness, t, x, y):
    """Weights of the three corners of triangle t at a pixel, perspective undone."""
    ax, ay = corners[t, 0, 0], corners[t, 0, 1]
    bx, by = corners[t, 1, 0], corners[t, 1, 1]
    cx, cy = corners[t, 2, 0], corners[t, 2, 1]
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    u = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area
    v = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area
    a, b, c = u * nearness[t, 0], v * nearness[t, 1], (1 - u - v) * nearness[t, 2]
    total = a + b + c
    return a / total, b / total, c / total
