"""The objects of a scene: where they stand, how large they are and what they are made of."""

import cv2
import numpy as np

from .canvas import CROWDED, LAST_OBJECT_ID
from .outlines import bounds
from .surfaces import random_colour, surface
from .templates import MAIN_SLOTS, random_template

SWATCH = 160  # side of a palette surface, in pixels


class Look:
    """What the objects of one cluster have in common."""

    def __init__(self, rng):
        self.shared = rng.random() < 0.7  # one palette for all, or one each
        self.palette = {}  # slot -> (surface [SWATCH, SWATCH, 3], mean colour [3])
        self.softness = rng.choice([0, 0.5, 0.8, 1.4], p=[0.4, 0.3, 0.2, 0.1])
        self.shading = 0 if rng.random() < 0.4 else rng.uniform(0.2, 1.3)
        self.shadow = rng.random() < 0.35

    def hide(self, bank, colour):
        """Camouflage: the main slots start from the colour of what lies behind."""
        entry = _swatch(bank, colour)
        for slot in MAIN_SLOTS:
            self.palette[slot] = entry


def _swatch(bank, near):
    patch = surface(bank, SWATCH, SWATCH, near)
    return patch, patch.mean((0, 1)).astype(np.float64)


def _fit(rng, patch, height, width):
    """A piece of a swatch in the given size: cut out, or stretched where it is too small."""
    if height <= SWATCH and width <= SWATCH and not rng.random() < 0.2:
        y, x = rng.integers(0, SWATCH + 1 - height), rng.integers(0, SWATCH + 1 - width)
        return patch[y : y + height, x : x + width]
    if height <= SWATCH and width <= SWATCH:
        return patch[:height, :width]
    return cv2.resize(patch, (width, height), interpolation=cv2.INTER_LINEAR)


def _mark(canvas, mask, box, radius):
    """Draws small dots and lines that belong to a part: they carry no label of their own."""
    rng, side = canvas.rng, canvas.side
    x0, y0, x1, y1 = box
    marks = np.zeros((side, side), np.uint8)
    for _ in range(rng.integers(1, 12)):
        start = (int(rng.uniform(x0, x1)), int(rng.uniform(y0, y1)))
        if rng.random() < 0.5:
            size = max(1, int(rng.uniform(0.01, 0.06) * radius))
            cv2.circle(marks, start, size, 255, -1, cv2.LINE_AA)
        else:
            end = (int(rng.uniform(x0, x1)), int(rng.uniform(y0, y1)))
            width = max(1, int(rng.uniform(0.01, 0.05) * radius))
            cv2.line(marks, start, end, 255, width, cv2.LINE_AA)
    marks = cv2.min(marks, mask)
    colour = random_colour(rng).astype(np.float32)
    cover = (marks[y0:y1, x0:x1, None].astype(np.float32) / 255) * rng.uniform(0.3, 1)
    below = canvas.picture[y0:y1, x0:x1]
    canvas.picture[y0:y1, x0:x1] = below + (colour - below) * cover


def _add_object(canvas, template, cx, cy, radius, object_id, group_id, look):
    rng, bank = canvas.rng, canvas.bank
    parts = template(bank, canvas.side, cx, cy, radius)
    if look.shadow:
        union = parts[0][0].copy()
        for mask, _ in parts[1:]:
            union = cv2.max(union, mask)
        canvas.cast_shadow(union, radius)
    palette = look.palette if look.shared else {}
    part_ids = {}
    for mask, slot in parts:
        box = x0, y0, x1, y1 = bounds(mask)
        if x1 - x0 < 4 or y1 - y0 < 4:
            continue
        if slot not in palette:
            near = None
            if palette and rng.random() < 0.35:
                near = list(palette.values())[rng.integers(len(palette))][1]
            palette[slot] = _swatch(bank, near)
        if slot not in part_ids:
            part_ids[slot] = canvas.new_part()
        patch = _fit(rng, palette[slot][0], y1 - y0, x1 - x0)
        ids = (part_ids[slot], object_id, group_id)
        canvas.put(mask, patch, ids, look.softness, look.shading, origin=(x0, y0))
        if rng.random() < 0.25:
            _mark(canvas, mask, box, radius)


def _radii(canvas):
    """Sizes that follow a power law, mostly from the largest to the smallest."""
    rng = canvas.rng
    count = rng.integers(1, 5) if rng.random() < 0.5 else rng.integers(4, 15)
    smallest, largest = 0.055, rng.choice([0.2, 0.33, 0.48])
    u = rng.uniform(0, 1, count)
    a = 0.8
    radii = (smallest**-a + u * (largest**-a - smallest**-a)) ** (-1 / a) * canvas.side
    if rng.random() < 0.75:
        radii = np.sort(radii)[::-1]
    return radii


def paint_foreground(canvas):
    """Adds objects and clusters until the drawn number is reached or the scene is crowded."""
    rng, side = canvas.rng, canvas.side
    radii = _radii(canvas)
    i = 0
    while i < len(radii) and canvas.parts < CROWDED:
        radius = radii[i]
        template = random_template(rng)
        cx, cy = rng.uniform(0.02, 0.98, 2) * side
        if radius > 0.25 * side:
            cx, cy = rng.uniform(0.25, 0.75, 2) * side
        count = 1 if rng.random() < 0.75 else int(rng.integers(2, 7))
        group_id = canvas.next_object()
        look = Look(rng)
        if rng.random() < 0.2:
            look.hide(canvas.bank, canvas.colour_at(cx, cy))
        for _ in range(count):
            object_id = canvas.new_object()
            _add_object(canvas, template, cx, cy, radius, object_id, group_id, look)
            cx, cy = cx + rng.normal(0, 1) * radius * 1.2, cy + rng.normal(0, 0.6) * radius
            radius = max(0.03 * side, radius * rng.uniform(0.7, 1.2))
            if canvas.objects >= LAST_OBJECT_ID or canvas.parts >= CROWDED:
                break
        i += count
