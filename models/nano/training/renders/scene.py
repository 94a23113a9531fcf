"""One rendered scene: camera, ground, walls or skyline, objects, light; then its photograph."""

import cv2
import numpy as np

from scenes.camera import photograph

from .layout import Layout
from .light import light_map
from .materials import Materials
from .raster import rasterise
from .shade import BACKDROP_COLUMNS, HARMONICS, PLANE_COLUMNS, shade

OVERSAMPLING = 2  # pixels per side of a pixel of the picture
GROUND, FIRST_WALL, SKY, FIRST_HILL = 1, 2, 6, 7  # labels of the background
TAPS = 10


class Camera:
    """A pinhole camera that looks at about the origin."""

    def __init__(self, rng, elevation, pixels):
        view = np.radians(rng.uniform(24, 62))
        distance = rng.uniform(0.5, 1.05) / np.tan(view / 2)
        azimuth = rng.uniform(0, 2 * np.pi)
        target = np.array([*rng.normal(0, 0.12, 2), 0])[[0, 2, 1]] + [0, rng.uniform(0.05, 0.45), 0]
        up, flat = np.sin(elevation), np.cos(elevation)
        offset = distance * np.array([flat * np.sin(azimuth), up, flat * np.cos(azimuth)])
        self.eye = target + offset
        self.eye[1] = max(0.08, self.eye[1])
        forward = target - self.eye
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0, 1, 0])
        right /= np.linalg.norm(right)
        above = np.cross(right, forward)
        roll = np.radians(rng.normal(0, 2.5))
        c, s = np.cos(roll), np.sin(roll)
        self.axes = np.stack([c * right + s * above, c * above - s * right, forward])
        self.focal = 0.5 * pixels / np.tan(view / 2)
        self.pixels = pixels
        self.flat_forward = np.array([forward[0], 0, forward[2]])
        self.flat_forward /= np.linalg.norm(self.flat_forward)

    def project(self, triangles):
        """Screen corners [n, 3, 2] and nearness (1 / depth; 0 behind the camera) [n, 3]."""
        seen = (triangles - self.eye.astype(np.float32)) @ self.axes.T.astype(np.float32)
        depth = seen[..., 2]
        nearness = np.where(depth > 0.03, 1 / np.maximum(depth, 0.03), 0).astype(np.float32)
        middle = 0.5 * (self.pixels - 1)
        x = middle + self.focal * seen[..., 0] * nearness
        y = middle - self.focal * seen[..., 1] * nearness
        return np.stack([x, y], -1).astype(np.float32), nearness


def _walls(rng, camera, materials):
    """Up to three upright planes behind the scene, as (normal, offset) and rows for `shade`."""
    walls, rows = [], []
    away = -camera.flat_forward  # the back wall looks at the camera
    start = rng.normal(0, 0.35)
    for k, angle in enumerate(start + np.array([0, 1, -1])[: rng.integers(1, 4)] * np.pi / 2):
        c, s = np.cos(angle), np.sin(angle)
        normal = np.array([c * away[0] + s * away[2], 0, c * away[2] - s * away[0]])
        offset = -rng.uniform(1.2, 3.2)
        if normal @ camera.eye < offset + 0.3:
            continue
        material = materials.add(1.0, None, rng.choice([0.3, 1.0]), rng.uniform(1, 3))
        walls.append((normal, offset))
        rows.append([*normal, offset, material, FIRST_WALL + k])
    return walls, rows


def _backdrops(rng, materials):
    """Skylines, the nearest first, and the sky."""
    rows = []
    for k in range(rng.integers(0, 4)):
        near = None if k == 0 or rng.random() < 0.4 else materials.colour(int(rows[-1][0]))
        row = [materials.add(1.0, near, 1.5, rng.uniform(0.3, 1.5)), FIRST_HILL + k]
        row.append(rng.uniform(-0.03, 0.06) + 0.06 * k)
        size = rng.choice([0.004, 0.02, 0.05])
        for h in range(HARMONICS):
            row += [size * rng.normal() / (h + 1) ** rng.uniform(0.3, 1.2), rng.uniform(0, 7)]
        rows.append(row)
    blue = np.array([0.45, 0.62, 0.85]) if rng.random() < 0.6 else None
    sky = materials.add(1.0, blue, rng.choice([0.0, 0.6, 1.5]), rng.uniform(0.5, 2))
    rows.append([sky, SKY, *np.zeros(BACKDROP_COLUMNS - 2)])
    return np.array(rows, np.float64)


def _lights(rng, indoors, ground):
    """The rows that `shade` calls light."""
    height, turn = np.radians(rng.uniform(12, 82)), rng.uniform(0, 2 * np.pi)
    flat = np.cos(height)
    sun = [flat * np.sin(turn), np.sin(height), flat * np.cos(turn)]
    overcast = rng.random() < 0.3
    strength = rng.uniform(0.05, 0.35) if overcast else rng.uniform(0.5, 1.8)
    warm = np.array([1, 0.93, 0.82]) ** rng.uniform(-0.5, 2)
    around = rng.uniform(0.7, 1.1) if overcast else rng.uniform(0.25, 0.7)
    cast = np.array([0.9, 0.96, 1.05]) if not indoors else np.array([1, 0.97, 0.92])
    haze = rng.uniform(0, 0.09) if not indoors and rng.random() < 0.5 else 0.0
    veil = np.clip(rng.uniform(0.5, 0.95) * np.array([0.94, 0.98, 1.03]), 0, 1)
    softness = rng.choice([0.006, 0.02, 0.08])
    return np.array(
        [
            sun,
            strength * warm,
            around * cast,
            around * (0.25 + 0.6 * np.asarray(ground)),
            veil,
            [haze, softness, rng.uniform(0.1, 0.35)],
        ],
        np.float64,
    )


def _focus(rng, picture, distance, focus):
    """Blurs what lies well behind the focus, as a wide aperture does."""
    sigma = rng.uniform(1, 4)
    behind = np.clip((distance / focus - 1.15) * 3, 0, 1).astype(np.float32)
    weight = cv2.GaussianBlur(behind, (0, 0), sigma)
    blurred = cv2.GaussianBlur(picture * behind[..., None], (0, 0), sigma)
    blurred = blurred / np.maximum(1e-3, weight)[..., None]
    share = behind[..., None]
    return picture * (1 - share) + blurred * share


def _expose(rng, picture):
    """Linear light -> about 0..1, with a shoulder at the bright end."""
    bright = float(np.percentile(picture[::4, ::4].mean(-1), 92))
    picture = picture * (rng.uniform(0.45, 0.8) / max(0.03, bright))
    picture = picture * 1.25 / (1 + 0.35 * picture)
    return np.clip(picture, 0, 1) ** (1 / 2.2)


def make_render(bank, models, side):
    """One scene: picture uint8 [side, side, 3], labels uint8 [3, side, side], as `make_scene`."""
    rng, pixels = bank.rng, side * OVERSAMPLING
    materials = Materials(bank)
    kind = rng.choice(['indoors', 'outdoors', 'table'], p=[0.35, 0.45, 0.2])
    lowest, highest = {'indoors': (3, 45), 'outdoors': (2, 35), 'table': (25, 75)}[kind]
    camera = Camera(rng, np.radians(rng.uniform(lowest, highest)), pixels)
    ground = materials.add(1.0, None, rng.choice([0.7, 1.5, 3]), rng.uniform(0.5, 3))
    planes = [[0, 1, 0, 0, ground, GROUND]]
    layout = Layout(rng, models, materials, camera)
    if kind == 'indoors':
        layout.walls, rows = _walls(rng, camera, materials)
        planes += rows
    backdrops = _backdrops(rng, materials)
    packs = np.arange(len(models.packs))
    if rng.random() < 0.6:
        packs = rng.choice(packs, min(len(packs), int(rng.integers(1, 4))), replace=False)
    colour = materials.colour(ground)
    while not layout.batches:
        layout.fill(packs, colour)
    world, local, normals, colours, material, marks = (
        np.ascontiguousarray(np.concatenate(group)) for group in zip(*layout.batches)
    )
    corners, nearness = camera.project(world)
    index, _ = rasterise(corners, nearness, pixels, pixels)
    light = _lights(rng, kind == 'indoors', colour)
    picture = np.zeros((pixels, pixels, 3), np.float32)
    labels = np.zeros((3, pixels, pixels), np.uint8)
    distance = np.zeros((pixels, pixels), np.float32)
    angle = rng.uniform(0, 2 * np.pi) + 2.39996 * np.arange(TAPS)
    radius = np.sqrt((np.arange(TAPS) + 0.5) / TAPS)
    taps = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)
    shade(
        index,
        corners,
        nearness,
        world,
        local,
        np.ascontiguousarray(normals, np.float32),
        colours,
        material,
        marks,
        materials.table(),
        materials.fields,
        camera.eye,
        camera.axes,
        camera.focal,
        np.array(planes, np.float64).reshape(-1, PLANE_COLUMNS),
        backdrops,
        light,
        light_map(world, light[0]),
        light_map(world, np.array([0.05, 1.0, 0.02])),
        taps,
        picture,
        labels,
        distance,
    )
    size = (side, side)
    picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.3:
        distance = cv2.resize(distance, size, interpolation=cv2.INTER_NEAREST)
        picture = _focus(rng, picture, distance, float(np.linalg.norm(camera.eye)))
    picture = _expose(rng, picture).astype(np.float32)
    bank.renew()
    step = OVERSAMPLING
    return photograph(rng, picture), np.ascontiguousarray(labels[:, ::step, ::step])
