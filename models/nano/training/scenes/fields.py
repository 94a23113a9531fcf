"""Noise fields: square, zero-mean, unit-variance patterns from which every surface is mixed.

The order of the random calls here and in the other modules is part of the contract: a seed gives
the same scenes for ever. Scalars that meet a float32 array are made Python floats, because NumPy 1
and 2 disagree about the type of what comes out otherwise.
"""

import cv2
import numpy as np

from .textures import FIELD_SHARE, texture_field

SIDE = 512  # of a field, in pixels


def standardise(field):
    """Zero mean and unit variance, cut off at 2.5 deviations."""
    field = field - field.mean()
    return np.clip(field / (float(field.std()) + 1e-6), -2.5, 2.5).astype(np.float32)


def spectral(rng):
    """Gaussian noise with a power-law spectrum, at times stretched or of one grain size."""
    exponent = rng.uniform(0.5, 2.0)
    fy = np.fft.fftfreq(SIDE)[:, None]
    fx = np.fft.rfftfreq(SIDE)[None, :]
    angle = rng.uniform(0, np.pi)
    stretch = 1.0 if rng.random() < 0.6 else rng.uniform(2, 8)
    u = (fx * np.cos(angle) + fy * np.sin(angle)) * stretch
    v = -fx * np.sin(angle) + fy * np.cos(angle)
    radius = np.sqrt(u * u + v * v) + 1.0 / SIDE
    gain = radius ** (-exponent)
    if rng.random() < 0.3:  # band-pass: a typical grain size
        centre = np.exp(rng.uniform(np.log(0.01), np.log(0.15)))
        gain = gain * np.exp(-((np.log(radius / centre)) ** 2) / 0.5)
    spectrum = np.fft.rfft2(rng.standard_normal((SIDE, SIDE)))
    return standardise(np.fft.irfft2(spectrum * gain, s=(SIDE, SIDE)))


def stripes(rng):
    """Straight or wavy stripes, or two crossed sets of them."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    angle = rng.uniform(0, np.pi)
    cosine, sine = float(np.cos(angle)), float(np.sin(angle))
    count = int(rng.integers(4, 50))
    phase = 2 * np.pi * count / SIDE * (x * cosine + y * sine)
    phase = phase + rng.uniform(0, 3) * spectral(rng) * (rng.random() < 0.6)
    field = np.sin(phase)
    if rng.random() < 0.35:
        across = int(rng.integers(4, 50))
        second = 2 * np.pi * across / SIDE * (-x * sine + y * cosine)
        field = field * np.sin(second) if rng.random() < 0.5 else np.maximum(field, np.sin(second))
    return standardise(np.tanh(field * rng.uniform(0.5, 6)))


def cells(rng):
    """Voronoi cells of random seeds: one value per cell, distance to the seed, or thin dots."""
    seeds = np.full((SIDE, SIDE), 255, np.uint8)
    count = int(np.exp(rng.uniform(np.log(30), np.log(1500))))
    seeds[rng.integers(0, SIDE, count), rng.integers(0, SIDE, count)] = 0
    distance, label = cv2.distanceTransformWithLabels(
        seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    if rng.random() < 0.5:
        field = rng.standard_normal(label.max() + 1)[label]
        if rng.random() < 0.5:
            field = field - 0.15 * distance
    else:
        field = distance if rng.random() < 0.5 else np.minimum(distance, 4)
    return standardise(field)


def leaves(rng):
    """Dead leaves: overlapping ellipses, each in its own shade."""
    field = np.zeros((SIDE, SIDE), np.float32)
    largest = rng.uniform(6, 30)
    count = int(min(2500, 4 * (SIDE / largest) ** 2))
    elongation = rng.uniform(1, 4)
    base = rng.uniform(0, 180)
    spread = rng.choice([15, 180])
    for _ in range(count):
        radius = largest * rng.uniform(0.25, 1)
        centre = (int(rng.integers(0, SIDE)), int(rng.integers(0, SIDE)))
        axes = (max(1, int(radius)), max(1, int(radius / elongation)))
        angle = base + rng.uniform(-spread, spread)
        cv2.ellipse(field, centre, axes, angle, 0, 360, float(rng.standard_normal()), -1)
    return standardise(field)


def strokes(rng):
    """Short lines about one direction: fur, grass, brushed metal."""
    field = np.zeros((SIDE, SIDE), np.float32)
    count = int(rng.integers(800, 3000))
    length = rng.uniform(6, 50)
    base = rng.uniform(0, np.pi)
    spread = rng.uniform(0.1, 1.5)
    thickness = int(rng.integers(1, 4))
    start = rng.uniform(0, SIDE, (count, 2))
    angle = base + spread * rng.standard_normal(count)
    direction = np.stack([np.cos(angle), np.sin(angle)], 1)
    end = start + length * rng.uniform(0.4, 1, (count, 1)) * direction
    value = rng.standard_normal(count)
    for i in range(count):
        p, q = (int(start[i, 0]), int(start[i, 1])), (int(end[i, 0]), int(end[i, 1]))
        cv2.line(field, p, q, float(value[i]), thickness, cv2.LINE_8)
    return standardise(field)


def bricks(rng):
    """Courses of bricks or tiles with mortar between them."""
    field = np.zeros((SIDE, SIDE), np.float32)
    height = int(rng.integers(8, 60))
    width = int(height * rng.uniform(1, 4))
    gap = max(1, height // 8)
    offset = rng.choice([0, 0.5])
    field[:] = rng.uniform(-3, 3)
    for y in range(0, SIDE, height):
        shift = int((y // height % 2) * offset * width)
        for x in range(-width, SIDE, width):
            value = rng.standard_normal() * 0.5
            field[y : y + height - gap, max(0, x + shift) : max(0, x + shift + width - gap)] = value
    return standardise(field)


def blotches(rng):
    """Two-tone patches with soft borders: camouflage, marble, stains."""
    field = spectral(rng)
    field = cv2.GaussianBlur(field, (0, 0), rng.uniform(1, 4))
    field = standardise(field)
    return standardise(np.tanh((field - rng.uniform(-0.8, 0.8)) * rng.uniform(3, 20)))


KINDS = (
    (spectral, 0.38),
    (leaves, 0.14),
    (strokes, 0.1),
    (cells, 0.1),
    (stripes, 0.1),
    (blotches, 0.12),
    (bricks, 0.06),
)


class FieldBank:
    """Noise fields, renewed one by one, and the random generator that all scenes draw from.

    tiles: photographs of materials (see `textures`); None draws everything.
    """

    def __init__(self, rng, count=80, tiles=None):
        self.rng, self.tiles = rng, tiles
        self.fields = [self._new() for _ in range(count)]

    def _new(self):
        if self.tiles is not None and self.rng.random() < FIELD_SHARE:
            return standardise(texture_field(self.rng, self.tiles, SIDE))
        kind = self.rng.choice(len(KINDS), p=[weight for _, weight in KINDS])
        return KINDS[kind][0](self.rng)

    def renew(self):
        """Replaces one field, so that a long pool does not repeat itself."""
        # The right side draws first; the index comes after it.
        self.fields[self.rng.integers(len(self.fields))] = self._new()

    def crop(self, height, width, zoom_min=0.4, zoom_max=2.5):
        """A random piece of a random field at a random zoom, float32 [height, width]."""
        rng = self.rng
        field = self.fields[rng.integers(len(self.fields))]
        if rng.random() < 0.5:
            field = field.T
        zoom = np.exp(rng.uniform(np.log(zoom_min), np.log(zoom_max)))
        rows, columns = max(2, int(height / zoom)), max(2, int(width / zoom))
        rows, columns = min(rows, SIDE), min(columns, SIDE)
        y0, x0 = rng.integers(0, SIDE - rows + 1), rng.integers(0, SIDE - columns + 1)
        piece = field[y0 : y0 + rows, x0 : x0 + columns]
        if rng.random() < 0.5:
            piece = piece[:, ::-1]
        piece = np.ascontiguousarray(piece)
        if zoom < 0.8:
            piece = cv2.blur(piece, (2, 2))
        return cv2.resize(piece, (width, height), interpolation=cv2.INTER_LINEAR)
