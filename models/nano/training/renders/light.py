"""Depth maps seen from a light: what it reaches, and how much of the sky a point sees."""

import collections

import numba
import numpy as np

from .raster import rasterise

# right, up, towards: the axes of a parallel light; low, scale: from the world to its map.
LightMap = collections.namedtuple('LightMap', 'axes low scale depth')

MAP_SIDE = 512


def axes_towards(direction):
    """Rows right, up and towards the light, float32 [3, 3]."""
    towards = direction / np.linalg.norm(direction)
    other = np.array([0.0, 1, 0]) if abs(towards[1]) < 0.95 else np.array([1.0, 0, 0])
    right = np.cross(other, towards)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(towards, right), towards]).astype(np.float32)


def light_map(triangles, direction):
    """The depth map of a parallel light that comes from `direction`; triangles [n, 3, 3]."""
    axes = axes_towards(direction)
    seen = triangles @ axes.T
    low, high = seen.reshape(-1, 3).min(0), seen.reshape(-1, 3).max(0)
    scale = np.float32((MAP_SIDE - 5) / max(1e-6, float((high - low)[:2].max())))
    low = low - np.float32([2 / scale, 2 / scale, 1.0])  # so that every depth is above 0
    corners = np.ascontiguousarray((seen[..., :2] - low[:2]) * scale)
    _, depth = rasterise(corners, np.ascontiguousarray(seen[..., 2] - low[2]), MAP_SIDE, MAP_SIDE)
    return LightMap(axes, low.astype(np.float32), scale, depth)


@numba.njit(cache=True)
def unoccluded(light, x, y, z, spread, bias, taps):
    """Share of `taps` (offsets [n, 2], in units of `spread`) that the light reaches, 0..1.

    light: a LightMap.
    """
    axes, low, scale, depth = light
    u = (axes[0, 0] * x + axes[0, 1] * y + axes[0, 2] * z - low[0]) * scale
    v = (axes[1, 0] * x + axes[1, 1] * y + axes[1, 2] * z - low[1]) * scale
    w = axes[2, 0] * x + axes[2, 1] * y + axes[2, 2] * z - low[2] + bias
    free = 0
    for k in range(taps.shape[0]):
        i = int(np.floor(u + taps[k, 0] * spread * scale + 0.5))
        j = int(np.floor(v + taps[k, 1] * spread * scale + 0.5))
        if i < 0 or j < 0 or i >= depth.shape[1] or j >= depth.shape[0] or depth[j, i] <= w:
            free += 1
    return free / taps.shape[0]
