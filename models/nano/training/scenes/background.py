"""What lies behind the objects: horizon layers, room planes, big dead leaves, or one surface."""

import cv2
import numpy as np

from .outlines import polygon_mask, roughen
from .shapes import shape
from .surfaces import surface


def _lay(canvas, mask, make_surface, softness, shading):
    """Covers a background region; softness and shading are drawn after the surface."""
    region = canvas.new_stuff()
    patch = make_surface()
    ids = (canvas.new_part(), region, region)
    canvas.put(mask, patch, ids, softness(), shading())


def _none():
    return 0


def _horizon_layers(canvas):
    rng, side, bank = canvas.rng, canvas.side, canvas.bank
    for y in np.sort(rng.uniform(0.12, 0.95, rng.integers(1, 6))) * side:
        x = np.linspace(-8, side + 8, 80)
        amplitude = rng.choice([0, 0.01, 0.04, 0.12]) * side
        decay = rng.uniform(1, 2)
        line = np.full(80, y) + rng.normal(0, 0.05) * (x - side / 2)
        for k in range(1, 16):
            height = amplitude * rng.normal() / k**decay
            line += height * np.cos(np.pi * k * x / side + rng.uniform(0, 7))
        below = [[side + 8, side + 8], [-8, side + 8]]
        mask = polygon_mask(side, np.concatenate([np.stack([x, line], 1), below]))
        if rng.random() < 0.35:
            mask = roughen(bank, mask, rng.uniform(1, 8))
        near = None if rng.random() < 0.6 else canvas.colour_at(side // 2, int(y) - 4)
        _lay(
            canvas,
            mask,
            lambda near=near: surface(bank, side, side, near),
            lambda: rng.choice([0, 0.7, 1.5]),
            _none,
        )


def _room_planes(canvas):
    rng, side, bank = canvas.rng, canvas.side, canvas.bank
    corner = rng.uniform(0.2, 0.8, 2) * side
    angles = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 6)))

    def far(angle):
        return corner + 3 * side * np.array([np.cos(angle), np.sin(angle)])

    for k, first in enumerate(angles):
        second = angles[(k + 1) % len(angles)]
        middle = (first + second + (2 * np.pi if second < first else 0)) / 2
        plane = np.array([corner, far(first), far(middle), far(second)])
        plane = np.clip(plane, -2000, 2000)
        _lay(
            canvas,
            polygon_mask(side, plane),
            lambda: surface(bank, side, side, calm=rng.choice([0.2, 1])),
            _none,
            _none,
        )


def _big_leaves(canvas):
    rng, side, bank = canvas.rng, canvas.side, canvas.bank
    for _ in range(rng.integers(6, 22)):
        mask = shape(bank, side, *(rng.uniform(0, 1, 2) * side), side * rng.uniform(0.12, 0.4))
        _lay(
            canvas,
            mask,
            lambda: surface(bank, side, side),
            lambda: rng.choice([0, 0.7]),
            lambda: rng.uniform(0, 1),
        )


LAYOUTS = (_horizon_layers, _room_planes, _big_leaves, None)
WEIGHTS = (0.45, 0.2, 0.15, 0.2)


def paint_background(canvas):
    rng, side, bank = canvas.rng, canvas.side, canvas.bank
    layout = LAYOUTS[rng.choice(len(LAYOUTS), p=WEIGHTS)]
    _lay(
        canvas,
        np.full((side, side), 255, np.uint8),
        lambda: surface(bank, side, side, calm=rng.choice([0.15, 1])),
        _none,
        _none,
    )
    if layout:
        layout(canvas)
    if rng.random() < 0.3:  # out of focus
        canvas.picture = cv2.GaussianBlur(canvas.picture, (0, 0), rng.uniform(0.5, 5))
    if rng.random() < 0.5:  # uneven light
        light = bank.crop(side, side, 2.5, 6)
        canvas.picture *= (1 + rng.uniform(0.03, 0.15) * light)[..., None]
