"""Colours and textured surfaces."""

import cv2
import numpy as np

from .textures import OWN_COLOUR, SURFACE_SHARE, textured

# Hues of sky, foliage and earth, in degrees: frequent outdoors.
OUTDOOR_HUES = (30, 40, 90, 110, 210, 220)


def random_colour(rng, near=None):
    """An RGB colour, float64 [3] in 0..1; with `near`, one that is hard to tell from it."""
    if near is not None:
        change = rng.normal(0, 0.10, 3) * rng.uniform(0.3, 1)
        return np.clip(near + change + rng.normal(0, 0.1), 0.02, 0.98)
    hue = rng.uniform(0, 360)
    if rng.random() < 0.65:
        hue = rng.choice(OUTDOOR_HUES) + rng.normal(0, 12)
    saturation = np.clip(abs(rng.normal(0, 0.32)), 0, 1)
    value = np.clip(rng.beta(1.8, 1.5), 0.03, 1)
    pixel = np.array([[[hue % 360, saturation, value]]], np.float32)
    return cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0].astype(np.float64)


def _contrast(rng):
    """Amplitude of a surface's pattern: calm, usual or loud."""
    u = rng.random()
    if u < 0.35:
        return rng.uniform(0.004, 0.03)
    if u < 0.75:
        return rng.uniform(0.03, 0.10)
    return rng.uniform(0.1, 0.22)


def _along(field, direction):
    """[height, width] scalars times an RGB direction: [height, width, 3]."""
    return field[..., None] * direction[None, None].astype(np.float32)


def _drift(rng, height, width):
    """A slow change of colour across the surface, [height, width, 3]."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    cosine, sine = float(np.cos(angle)), float(np.sin(angle))
    ramp = (x / max(width, 1) - 0.5) * cosine + (y / max(height, 1) - 0.5) * sine
    if rng.random() < 0.3:
        ramp = np.abs(ramp) * 2 - 0.5
    direction = rng.normal(0, 0.10, 3) + rng.normal(0, 0.18)
    return _along(ramp, direction)


def surface(bank, height, width, near=None, calm=None):
    """A textured surface, float32 [height, width, 3] in about 0..1.

    near: colour to start from (see `random_colour`). calm: factor on the pattern's amplitude.
    """
    rng = bank.rng
    if bank.tiles is not None and rng.random() < SURFACE_SHARE:
        own = near is None and rng.random() < OWN_COLOUR
        picture = textured(bank, height, width, None if own else random_colour(rng, near), calm)
        return picture + _drift(rng, height, width) if rng.random() < 0.5 else picture
    colour = random_colour(rng, near)
    direction = rng.normal(0, 1, 3) * 0.25 + rng.choice([-1, 1])
    direction = direction * (0.4 + colour)  # darker surfaces vary less
    amplitude = _contrast(rng)
    if calm is not None:
        amplitude = amplitude * float(calm)
    texture = _along(amplitude * bank.crop(height, width), direction)
    if rng.random() < 0.45:  # a second, coarser or finer variation
        second = bank.crop(height, width, 0.5, 6)
        direction = rng.normal(0, 0.5, 3) + rng.choice([-0.6, 0.6])
        strength = amplitude * rng.uniform(0.3, 1.2)
        if rng.random() < 0.3:
            texture = texture * (0.5 + 0.5 * np.tanh(2 * second))[..., None]
        texture = texture + _along(strength * second, direction)
    if rng.random() < 0.5:
        texture = texture + _drift(rng, height, width)
    return texture + colour[None, None].astype(np.float32)
