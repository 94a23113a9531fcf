"""A bank of 3D models in one file: what the renderer needs of them, and nothing else.

An .npz with the triangles of all models one after the other:

    positions  float16 [n, 3, 3]  y up, standing on y = 0, centred, the longest side of its box is 1
    normals    int8    [n, 3, 3]  times 127
    colours    uint8   [n, 3, 3]  sRGB at the corners
    parts      uint8   [n]        0..MAX_PARTS - 1: pieces that look different
    starts     int64   [m + 1]    first triangle of each model
    sources    uint8   [m]        index into `packs`
    names      str     [m]        packs str [k]
"""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

MAX_PARTS = 12
MAX_TRIANGLES = 20000
SMALL_PART = 0.015  # of a model's surface
COLOUR_STEP = 20.0  # in Lab units, with lightness counted half: other parts differ by more
COLOUR_JUMP = 9.0  # between the two triangles at an edge: they belong to different patches


def _lab(rgb):
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = linear @ matrix.T / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    light, a, b = 116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])
    return np.stack([0.5 * light, a, b], -1)


def _patches(positions, lab, surfaces):
    """Patch number of every triangle: neighbours belong together where no colour jumps.

    A gradient that runs over many triangles is one patch; two colours side by side are two.
    """
    corners = np.round(positions / (positions.max() - positions.min()) * 2e4).astype(np.int64)
    corners = np.concatenate([np.repeat(surfaces, 3)[:, None], corners.reshape(-1, 3)], 1)
    vertex = np.unique(corners, axis=0, return_inverse=True)[1].reshape(-1, 3)
    ends = np.concatenate([vertex[:, [0, 1]], vertex[:, [1, 2]], vertex[:, [2, 0]]])
    colour = np.concatenate([lab[:, [0, 1]], lab[:, [1, 2]], lab[:, [2, 0]]])
    swap = ends[:, 0] > ends[:, 1]
    ends[swap], colour[swap] = ends[swap][:, ::-1], colour[swap][:, ::-1]
    triangle = np.tile(np.arange(len(vertex)), 3)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    one, two = order[:-1], order[1:]
    shared = (ends[one] == ends[two]).all(1)
    jump = np.linalg.norm(colour[one] - colour[two], axis=-1).max(1)
    link = shared & (jump < COLOUR_JUMP)
    count = len(vertex)
    graph = coo_matrix(
        (np.ones(link.sum()), (triangle[one[link]], triangle[two[link]])), (count,) * 2
    )
    return connected_components(graph, directed=False)[1]


def find_parts(positions, colours, surfaces):
    """Part of every triangle: patches of one surface and colour, small ones with the likest."""
    edges = np.cross(positions[:, 1] - positions[:, 0], positions[:, 2] - positions[:, 0])
    area = np.linalg.norm(edges, axis=-1)
    area = area / max(1e-12, float(area.sum()))
    first = _patches(positions, _lab(colours), surfaces)
    lab = _lab(colours.mean(1))
    count = first.max() + 1
    weight = np.bincount(first, area, count)
    centre = np.stack([np.bincount(first, area * lab[:, k], count) for k in range(3)], 1)
    centre /= np.maximum(1e-12, weight)[:, None]
    owner = np.zeros(count, np.int64)
    owner[first] = surfaces
    # The largest patch founds a part; others of the same surface and about its colour join it.
    founders, group = [], np.zeros(count, np.int64)
    for i in np.argsort(-weight, kind='stable'):
        distance, g = np.inf, -1
        if founders:
            far = np.linalg.norm(centre[founders] - centre[i], axis=1)
            far = np.where(owner[founders] == owner[i], far, np.inf)
            g = int(far.argmin())
            distance = far[g]
        if distance > COLOUR_STEP:
            founders.append(i)
            g = len(founders) - 1
        group[i] = g
    total = np.bincount(group, weight, len(founders))
    keep = [g for g in np.argsort(-total, kind='stable')[:MAX_PARTS] if total[g] >= SMALL_PART]
    keep = keep or [int(np.argmax(total))]
    middle = centre[[founders[g] for g in keep]]
    to = np.array(
        [
            keep.index(g)
            if g in keep
            else int(np.argmin(np.linalg.norm(middle - centre[founders[g]], axis=1)))
            for g in range(len(founders))
        ]
    )
    return to[group[first]].astype(np.uint8)


def pack_model(positions, normals, colours, surfaces):
    """One model in the bank's form; None where it is too large or has no extent."""
    if not 4 <= len(positions) <= MAX_TRIANGLES:
        return None
    low, high = positions.min((0, 1)), positions.max((0, 1))
    extent = float((high - low).max())
    if not np.isfinite(extent) or extent < 1e-9:
        return None
    middle = (low + high) / 2
    middle[1] = low[1]
    positions = (positions - middle) / extent
    return {
        'positions': positions.astype(np.float16),
        'normals': np.round(np.clip(normals, -1, 1) * 127).astype(np.int8),
        'colours': np.round(np.clip(colours, 0, 1) * 255).astype(np.uint8),
        'parts': find_parts(positions, colours, surfaces),
    }


def save(path, models, names, sources, packs):
    """Writes a bank. models: of `pack_model`; sources: the index into `packs` of each."""
    counts = [len(m['parts']) for m in models]
    arrays = {key: np.concatenate([m[key] for m in models]) for key in models[0]}
    with open(path, 'wb') as file:
        np.savez_compressed(
            file,
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            sources=np.array(sources, np.uint8),
            names=np.array(names),
            packs=np.array(packs),
            **arrays,
        )


class ModelBank:
    """The models of one bank file."""

    def __init__(self, path):
        with np.load(path) as file:
            self._arrays = {k: file[k] for k in ('positions', 'normals', 'colours', 'parts')}
            self.starts, self.sources = file['starts'], file['sources']
            self.names, self.packs = list(file['names']), list(file['packs'])

    def __len__(self):
        return len(self.starts) - 1

    def model(self, i):
        """positions float32 [n, 3, 3], normals float32, colours float32 (0..1), parts uint8 [n]"""
        a, b = self.starts[i], self.starts[i + 1]
        part = {k: v[a:b] for k, v in self._arrays.items()}
        return (
            part['positions'].astype(np.float32),
            part['normals'].astype(np.float32) / 127,
            part['colours'].astype(np.float32) / 255,
            part['parts'],
        )

    def part_count(self, i):
        return int(self._arrays['parts'][self.starts[i] : self.starts[i + 1]].max()) + 1

    def of_pack(self, k):
        return np.nonzero(self.sources == k)[0]
