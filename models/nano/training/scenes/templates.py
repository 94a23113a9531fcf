"""Objects of several parts. Each template gives [(mask, slot)]: parts of one slot share a surface.

Later parts cover earlier ones. Sizes are fractions of `radius`, or of the figure's height.
"""

import cv2
import numpy as np

from .outlines import blob, box_mask, limb, noise_blob, polygon_mask, roughen
from .shapes import shape


def figure(bank, side, cx, cy, radius):
    """Somebody standing: legs, arms, torso, head, hair."""
    rng = bank.rng
    height = radius * 2
    half = rng.uniform(0.13, 0.2) * height
    lean = rng.normal(0, 0.06) * height
    hip = np.array([cx, cy + 0.08 * height])
    neck = np.array([cx + lean, cy - 0.28 * height])
    parts = []
    for way in (-1, 1):
        foot = hip + [way * rng.uniform(0.02, 0.2) * height, rng.uniform(0.3, 0.42) * height]
        leg = limb(rng, hip + [way * half * 0.4, 0], foot, half * 0.5, half * 0.3)
        parts.append((polygon_mask(side, leg), 'legs'))
        if rng.random() < 0.7:
            shoe = blob(rng, *(foot + [way * half * 0.15, 0]), half * 0.38, 0.1, 1.8, 0)
            parts.append((polygon_mask(side, shoe), 'shoe'))
    for way in (-1, 1):
        shoulder = neck + [way * half * 0.85, 0.05 * height]
        reach = [way * rng.uniform(-0.05, 0.25) * height, rng.uniform(-0.2, 0.36) * height]
        hand = shoulder + reach
        parts.append(
            (polygon_mask(side, limb(rng, shoulder, hand, half * 0.28, half * 0.2)), 'arms')
        )
        parts.append((polygon_mask(side, blob(rng, *hand, half * 0.25, 0.1)), 'skin'))
    corners = [
        neck + [-half, 0.03 * height],
        neck + [half, 0.03 * height],
        hip + [half * 0.8, 0.05 * height],
        hip + [-half * 0.8, 0.05 * height],
    ]
    torso = polygon_mask(side, np.array(corners))
    parts.insert(rng.integers(0, len(parts) + 1), (torso, 'torso'))
    head = neck + [lean * 0.3, -0.08 * height]
    parts.append((polygon_mask(side, blob(rng, *head, half * 0.62, 0.05, 1.2, np.pi / 2)), 'skin'))
    if rng.random() < 0.7:
        hair = blob(rng, head[0], head[1] - half * 0.38, half * 0.55, 0.15, 1.5, 0)
        parts.append((polygon_mask(side, hair), 'hair'))
    return parts


def animal(bank, side, cx, cy, radius):
    """A four-legged animal seen from the side, often with a furry outline."""
    rng = bank.rng
    way = rng.choice([-1, 1])
    length, depth = radius * rng.uniform(0.75, 1), radius * rng.uniform(0.32, 0.55)
    parts = []
    for k in range(4):
        x = cx + way * length * (0.6 if k < 2 else -0.6) + rng.normal(0, 0.08) * radius
        paw = (
            x + rng.normal(0, 0.15) * radius,
            cy + depth + rng.uniform(0.2, 0.8) * radius,
        )
        leg = polygon_mask(side, limb(rng, (x, cy), paw, radius * 0.13, radius * 0.07))
        parts.append((leg, 'a' if rng.random() < 0.8 else 'b'))
    tip = (cx - way * length * 1.4, cy + rng.normal(0, 0.4) * radius)
    tail = limb(rng, (cx - way * length * 0.9, cy), tip, radius * 0.09, radius * 0.03)
    parts.append((polygon_mask(side, tail), 'a'))
    body = blob(rng, cx, cy, np.sqrt(length * depth), 0.1, length / depth, rng.normal(0, 0.1))
    parts.append((polygon_mask(side, body), 'a'))
    hx = cx + way * length * rng.uniform(1, 1.3)
    hy = cy - rng.uniform(-0.1, 0.8) * radius
    neck = limb(rng, (cx + way * length * 0.65, cy), (hx, hy), radius * 0.25, radius * 0.16)
    parts.append((polygon_mask(side, neck), 'a'))
    size = radius * rng.uniform(0.2, 0.33)
    head = blob(rng, hx + way * 0.1 * radius, hy, size, 0.12, 1.4, rng.normal(0, 0.3))
    parts.append((polygon_mask(side, head), 'a' if rng.random() < 0.6 else 'b'))
    if rng.random() < 0.6:
        for ear in (-1, 1):
            x, y = hx + ear * 0.1 * radius, hy - 0.25 * radius
            outline = blob(rng, x, y, radius * 0.1, 0.1, 2, np.pi / 2)
            parts.append((polygon_mask(side, outline), 'b'))
    if rng.random() < 0.4:
        x, y = cx + rng.normal(0, 0.3) * radius, cy + rng.normal(0, 0.15) * radius
        parts.append((polygon_mask(side, blob(rng, x, y, radius * 0.25)), 'c'))
    if rng.random() < 0.6:
        amount = rng.uniform(0.5, 0.03 * radius + 1.5)
        parts = [(roughen(bank, mask, amount), slot) for mask, slot in parts]
    return parts


def tree(bank, side, cx, cy, radius):
    rng = bank.rng
    top = (cx + rng.normal(0, 0.1) * radius, cy - 0.2 * radius)
    width = radius * rng.uniform(0.06, 0.16)
    trunk = limb(rng, (cx, cy + radius * 1.1), top, width, radius * 0.05)
    parts = [(polygon_mask(side, trunk), 'trunk')]
    for _ in range(rng.integers(0, 4)):
        a = rng.uniform(-2.6, -0.5)
        fork = (cx, cy + radius * 0.2)
        end = (cx + radius * np.cos(a), cy + radius * 0.2 + radius * np.sin(a))
        branch = limb(rng, fork, end, radius * 0.05, radius * 0.02)
        parts.append((polygon_mask(side, branch), 'trunk'))
    crown = noise_blob(bank, side, cx, cy - 0.25 * radius, radius * rng.uniform(0.8, 1.1))
    parts.append((roughen(bank, crown, rng.uniform(1, 5)), 'crown'))
    return parts


def building(bank, side, cx, cy, radius):
    rng = bank.rng
    w, h = radius * rng.uniform(0.5, 1), radius * rng.uniform(0.6, 1.2)
    skew = rng.normal(0, 0.12) * radius
    corners = [
        [cx - w, cy - h + skew],
        [cx + w, cy - h - skew],
        [cx + w, cy + h],
        [cx - w, cy + h],
    ]
    parts = [(polygon_mask(side, np.array(corners)), 'wall')]
    if rng.random() < 0.6:
        apex = cx + rng.normal(0, 0.3) * w
        eaves = [cx - w * 1.08, cy - h + skew], [cx + w * 1.08, cy - h - skew]
        gable = [eaves[0], [apex, cy - h - rng.uniform(0.2, 0.7) * radius], eaves[1]]
        parts.append((polygon_mask(side, np.array(gable)), 'roof'))
    columns, rows = rng.integers(1, 6), rng.integers(1, 6)
    for i in range(columns):
        for j in range(rows):
            x0 = cx - w + 2 * w * (i + 0.25) / columns
            y0 = cy - h + 2 * h * (j + 0.3) / rows
            window = box_mask(side, x0, y0, x0 + w / columns, y0 + h / rows * 0.9)
            parts.append((window, 'window'))
    if rng.random() < 0.5:
        x0 = cx + rng.uniform(-0.6, 0.4) * w
        parts.append((box_mask(side, x0, cy + h * 0.45, x0 + w * 0.3, cy + h), 'door'))
    return parts


def vehicle(bank, side, cx, cy, radius):
    """A car seen from the side."""
    rng = bank.rng
    way = rng.choice([-1, 1])
    length, height = radius, radius * rng.uniform(0.28, 0.45)

    def outline(points):
        return polygon_mask(
            side, np.array([[cx + way * length * x, cy + height * y] for x, y in points])
        )

    body = outline([(-1, 0.1), (-0.95, -0.2), (0.6, -0.25), (0.98, 0), (1, 0.7), (-1, 0.7)])
    rear, front = rng.uniform(-0.9, -0.5), rng.uniform(0.2, 0.6)
    cabin = [(rear, -0.2), (rear + 0.2, -1), (front - 0.25, -1), (front, -0.22)]
    glass = [
        (rear + 0.1, -0.25),
        (rear + 0.25, -0.88),
        (front - 0.3, -0.88),
        (front - 0.08, -0.25),
    ]
    parts = [(body, 'body'), (outline(cabin), 'body'), (outline(glass), 'glass')]
    for x in (-0.6, 0.62):
        centre = (cx + way * length * x, cy + height * 0.7)
        parts.append((polygon_mask(side, blob(rng, *centre, height * 0.42, 0, 1)), 'wheel'))
        if rng.random() < 0.6:
            parts.append((polygon_mask(side, blob(rng, *centre, height * 0.2, 0, 1)), 'hub'))
    return parts


def flower(bank, side, cx, cy, radius):
    rng = bank.rng
    count = rng.integers(4, 12)
    parts = []
    if rng.random() < 0.5:
        root = (cx + rng.normal(0, 0.4) * radius, cy + 2 * radius)
        stem = limb(rng, (cx, cy), root, radius * 0.08, radius * 0.06)
        parts.append((polygon_mask(side, stem), 'stem'))
    first = rng.uniform(0, 7)
    for i in range(count):
        a = first + 2 * np.pi * i / count
        x, y = cx + 0.6 * radius * np.cos(a), cy + 0.6 * radius * np.sin(a)
        petal = blob(rng, x, y, radius * 0.33, 0.08, rng.uniform(1.2, 2.4), a)
        parts.append((polygon_mask(side, petal), 'petal'))
    core = blob(rng, cx, cy, radius * rng.uniform(0.2, 0.4), 0.08, 1)
    parts.append((polygon_mask(side, core), 'core'))
    return parts


def composite(bank, side, cx, cy, radius):
    """A main shape with other shapes painted on it or stuck to it."""
    rng = bank.rng
    main = shape(bank, side, cx, cy, radius)
    parts = [(main, 'm')]
    for _ in range(rng.integers(1, 5)):
        dx, dy = rng.normal(0, 0.45, 2) * radius
        piece = shape(bank, side, cx + dx, cy + dy, radius * rng.uniform(0.15, 0.55))
        if rng.random() < 0.65:
            piece = cv2.min(piece, main)
        parts.append((piece, 'p%d' % rng.integers(3)))
    return parts


def single(bank, side, cx, cy, radius):
    """An object of one part."""
    return [(shape(bank, side, cx, cy, radius), 'm')]


TEMPLATES = (figure, animal, tree, building, vehicle, flower, composite)
WEIGHTS = (0.26, 0.2, 0.1, 0.1, 0.1, 0.08, 0.16)
# The slot that covers most of an object, per template: what camouflage recolours.
MAIN_SLOTS = ('m', 'a', 'torso', 'crown', 'wall', 'body', 'petal')


def random_template(rng):
    if rng.random() < 0.6:
        return TEMPLATES[rng.choice(len(TEMPLATES), p=WEIGHTS)]
    return single
