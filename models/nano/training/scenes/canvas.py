"""The picture under construction and its label maps."""

import cv2
import numpy as np

from .outlines import bounds

STUFF_IDS = 31  # objects 1..31 of the label map are background regions
LAST_PART_ID = 254
LAST_OBJECT_ID = 250
CROWDED = 240  # parts after which a scene takes no further object


class Canvas:
    """Picture float32 [side, side, 3], about 0..1, and labels uint8 [3, side, side]."""

    def __init__(self, bank, side):
        self.bank, self.side, self.rng = bank, side, bank.rng
        self.picture = np.zeros((side, side, 3), np.float32)
        self.labels = np.zeros((3, side, side), np.uint8)
        self.parts, self.stuff, self.objects = 0, 0, STUFF_IDS
        light = self.rng.uniform(0, 2 * np.pi)
        self.light_x, self.light_y = float(np.cos(light)), float(np.sin(light))

    def new_part(self):
        self.parts = min(LAST_PART_ID, self.parts + 1)
        return self.parts

    def new_stuff(self):
        self.stuff = min(STUFF_IDS, self.stuff + 1)
        return self.stuff

    def next_object(self):
        return min(LAST_OBJECT_ID, self.objects + 1)

    def new_object(self):
        self.objects = self.next_object()
        return self.objects

    def colour_at(self, x, y):
        """The picture's colour at a point, which may lie outside: float64 [3]."""
        last = self.side - 1
        return self.picture[min(last, max(0, int(y))), min(last, max(0, int(x)))].astype(np.float64)

    def put(self, mask, patch, ids, softness, shading, origin=(0, 0)):
        """Lays one part over the picture and writes its labels.

        patch: surface whose top left pixel lies at `origin` (x, y); it covers the mask's `bounds`.
        ids: part, object and group. softness: sigma of the edge in pixels. shading: 0 is flat.
        """
        x0, y0, x1, y1 = bounds(mask)
        if x1 - x0 < 3 or y1 - y0 < 3:
            return
        alpha = mask[y0:y1, x0:x1]
        solid = alpha > 127
        soft = cv2.GaussianBlur(alpha, (0, 0), softness) if softness > 0.3 else alpha
        patch = patch[y0 - origin[1] : y1 - origin[1], x0 - origin[0] : x1 - origin[0]]
        if shading > 0:
            patch = patch * (1 + self._relief(alpha, shading))[..., None]
        below = self.picture[y0:y1, x0:x1]
        cover = (soft.astype(np.float32) / 255)[..., None]
        self.picture[y0:y1, x0:x1] = below + (patch - below) * cover
        for level, value in enumerate(ids):
            self.labels[level, y0:y1, x0:x1][solid] = value

    def _relief(self, alpha, shading):
        """A rounded look: brighter on the side that faces the light. [height, width], -0.75..0.9"""
        height, width = alpha.shape
        sigma = max(1.0, 0.12 * min(width, height))
        step = max(1, int(sigma / 3))  # wide blurs are made on a smaller copy
        scaled = alpha
        if step > 1:
            scaled = cv2.resize(alpha, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
        bulge = cv2.GaussianBlur(scaled, (0, 0), sigma / step).astype(np.float32) / 255
        dx, dy = cv2.Sobel(bulge, -1, 1, 0), cv2.Sobel(bulge, -1, 0, 1)
        slope = (dx * self.light_x + dy * self.light_y) * (sigma / step)
        if step > 1:
            slope = cv2.resize(slope, (width, height))
        return np.clip(shading * slope, -0.75, 0.9)

    def cast_shadow(self, mask, radius):
        """Darkens the picture where the mask's shadow falls, behind it or on the ground."""
        rng = self.rng
        step = 4
        small = cv2.resize(mask, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
        reach = rng.uniform(0.02, 0.25) * radius / step
        transform = np.float32([[1, 0, -self.light_x * reach], [0, 1, abs(self.light_y) * reach]])
        if rng.random() < 0.4:  # lying on the ground
            _, _, _, bottom = bounds(small, 0)
            flat = rng.uniform(0.15, 0.5)
            transform = np.float32([[1, rng.normal(0, 0.5), 0], [0, flat, bottom * (1 - flat)]])
            transform[0, 2] = -transform[0, 1] * bottom
        small = cv2.warpAffine(small, transform, (small.shape[1], small.shape[0]))
        sigma = max(0.6, rng.uniform(0.02, 0.12) * radius / step)
        small = cv2.GaussianBlur(small, (0, 0), sigma)
        shadow = cv2.resize(small, (self.side, self.side)).astype(np.float32) / 255
        self.picture *= (1 - rng.uniform(0.2, 0.7) * shadow)[..., None]
