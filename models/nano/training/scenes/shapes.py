"""Random shapes of one part: bank, side, centre and radius -> a mask."""

import cv2
import numpy as np

from .outlines import blob, limb, noise_blob, polygon_mask, roughen

LETTERS_AND_DIGITS = (*range(65, 91), *range(97, 123), *range(48, 58))
FONTS = (0, 2, 3, 4, 6, 7)  # OpenCV's Hershey fonts, without the two that look like others


def spline(bank, side, cx, cy, radius):
    return polygon_mask(side, blob(bank.rng, cx, cy, radius))


def ellipse(bank, side, cx, cy, radius):
    """An ellipse or superellipse, now and then a ring."""
    rng = bank.rng
    t = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    power = rng.choice([1, 1, 0.6, 0.35])
    e, a = np.exp(rng.normal(0, 0.4)), rng.uniform(0, np.pi) * (rng.random() < 0.6)
    x = np.sign(np.cos(t)) * abs(np.cos(t)) ** power * radius * np.sqrt(e)
    y = np.sign(np.sin(t)) * abs(np.sin(t)) ** power * radius / np.sqrt(e)
    points = np.stack([cx + x * np.cos(a) - y * np.sin(a), cy + x * np.sin(a) + y * np.cos(a)], 1)
    hole = None
    if rng.random() < 0.12:
        hole = (points - [cx, cy]) * rng.uniform(0.4, 0.75) + [cx, cy]
    return polygon_mask(side, points, hole)


def quadrilateral(bank, side, cx, cy, radius):
    rng = bank.rng
    e, a = np.exp(rng.normal(0, 0.5)), rng.normal(0, 0.3) * (rng.random() < 0.6)
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)
    corners = square + rng.normal(0, 0.12, (4, 2)) * (rng.random() < 0.6)
    corners = corners * [radius * 0.85 * np.sqrt(e), radius * 0.85 / np.sqrt(e)]
    rotation = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return polygon_mask(side, corners @ rotation.T + [cx, cy])


def star(bank, side, cx, cy, radius):
    rng = bank.rng
    count = rng.integers(3, 10)
    t = np.sort(rng.uniform(0, 2 * np.pi, count))
    distance = radius * rng.uniform(0.5, 1.2, count)
    return polygon_mask(side, np.stack([cx + distance * np.cos(t), cy + distance * np.sin(t)], 1))


def glyph(bank, side, cx, cy, radius):
    rng = bank.rng
    mask = np.zeros((side, side), np.uint8)
    text = chr(rng.choice(LETTERS_AND_DIGITS))
    font = int(rng.choice(FONTS))
    scale = radius / 11.0
    thickness = max(2, int(radius * rng.uniform(0.15, 0.4)))
    (width, height), _ = cv2.getTextSize(text, font, scale, thickness)
    corner = (int(cx - width / 2), int(cy + height / 2))
    cv2.putText(mask, text, corner, font, scale, 255, thickness, cv2.LINE_AA)
    return mask


def stroke(bank, side, cx, cy, radius):
    rng = bank.rng
    a = rng.uniform(0, np.pi)
    reach = np.array([np.cos(a), np.sin(a)]) * radius * 1.5
    width = radius * rng.uniform(0.06, 0.35)
    end_width = width * rng.uniform(0.2, 1.2)
    return polygon_mask(side, limb(rng, [cx, cy] - reach, [cx, cy] + reach, width, end_width))


def ragged(bank, side, cx, cy, radius):
    return noise_blob(bank, side, cx, cy, radius * 1.15)


def cluster(bank, side, cx, cy, radius):
    rng = bank.rng
    mask = np.zeros((side, side), np.uint8)
    for _ in range(rng.integers(2, 6)):
        dx, dy = rng.normal(0, 0.5, 2) * radius
        piece = blob(rng, cx + dx, cy + dy, radius * rng.uniform(0.3, 0.7))
        mask = np.maximum(mask, polygon_mask(side, piece))
    return mask


def crescent(bank, side, cx, cy, radius):
    rng = bank.rng
    mask = polygon_mask(side, blob(rng, cx, cy, radius, 0.05))
    dx, dy = rng.normal(0, 0.5, 2) * radius
    bite = blob(rng, cx + dx, cy + dy, radius * rng.uniform(0.6, 1), 0.1)
    return cv2.subtract(mask, polygon_mask(side, bite))


KINDS = (spline, ellipse, quadrilateral, star, glyph, stroke, ragged, cluster, crescent)
WEIGHTS = (0.3, 0.14, 0.14, 0.08, 0.08, 0.08, 0.1, 0.04, 0.04)


def shape(bank, side, cx, cy, radius):
    """One random shape, a quarter of them with a rough edge."""
    rng = bank.rng
    mask = KINDS[rng.choice(len(KINDS), p=WEIGHTS)](bank, side, cx, cy, radius)
    if rng.random() < 0.25:
        mask = roughen(bank, mask, rng.uniform(0.5, 0.06 * radius + 1))
    return mask
