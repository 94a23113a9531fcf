"""Outlines as polygons, and the masks drawn from them. Masks are uint8 [side, side], 0..255."""

import cv2
import numpy as np

from .fields import SIDE, spectral


def polygon_mask(side, points, hole=None):
    """Fills a polygon ([n, 2], x and y) with anti-aliased edges; `hole` is cut out of it."""
    sixteenths = [np.round(np.asarray(points) * 16).astype(np.int32)]
    if hole is not None:
        sixteenths.append(np.round(np.asarray(hole) * 16).astype(np.int32))
    mask = np.zeros((side, side), np.uint8)
    cv2.fillPoly(mask, sixteenths, 255, cv2.LINE_AA, 4)
    return mask


def box_mask(side, x0, y0, x1, y1):
    return polygon_mask(side, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]))


def blob(rng, cx, cy, radius, rough=None, elongation=None, angle=None):
    """A closed curve about (cx, cy) whose radius is a random Fourier series, [96, 2]."""
    count = 96
    t = np.linspace(0, 2 * np.pi, count, endpoint=False)
    rough = rng.choice([0.05, 0.15, 0.3, 0.5]) if rough is None else rough
    distance = np.ones(count)
    decay = rng.uniform(1, 2.2)
    for k in range(2, rng.integers(4, 20)):
        distance += rough * rng.normal() / k**decay * np.cos(k * t + rng.uniform(0, 7))
    distance = np.maximum(distance, 0.12)
    e = np.exp(rng.normal(0, 0.45)) if elongation is None else elongation
    a = rng.uniform(0, 2 * np.pi) if angle is None else angle
    x, y = distance * np.cos(t) * np.sqrt(e), distance * np.sin(t) / np.sqrt(e)
    return np.stack(
        [
            cx + radius * (x * np.cos(a) - y * np.sin(a)),
            cy + radius * (x * np.sin(a) + y * np.cos(a)),
        ],
        1,
    )


def limb(rng, start, end, start_width, end_width):
    """A tapered, bent limb from `start` to `end` as a polygon, [28, 2]."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    t = np.linspace(0, 1, 14)[:, None]
    along = end - start
    across = np.array([-along[1], along[0]])
    bend = rng.normal(0, 0.2)
    spine = start + along * t + across * bend * np.sin(np.pi * t)
    if rng.random() < 0.3:
        spine = spine + across * rng.normal(0, 0.12) * np.sin(2 * np.pi * t)
    tangent = np.gradient(spine, axis=0)
    tangent = tangent / (np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-6)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    width = start_width + (end_width - start_width) * t
    return np.concatenate([spine + normal * width, (spine - normal * width)[::-1]])


def roughen(bank, mask, amount):
    """Displaces a mask's outline by noise of `amount` pixels: fur, foliage, torn edges."""
    side = mask.shape[0]
    dx, dy = bank.crop(side, side, 0.5, 3), bank.crop(side, side, 0.5, 3)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    return cv2.remap(
        mask,
        x + amount * dx,
        y + amount * dy,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )


def noise_blob(bank, side, cx, cy, radius):
    """A mask whose edge is the level set of a noise field; only its largest piece is kept."""
    rng = bank.rng
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    e = float(np.exp(rng.normal(0, 0.4)))
    inside = 1 - np.sqrt(((x - float(cx)) / e) ** 2 + ((y - float(cy)) * e) ** 2) / float(radius)
    noise = cv2.GaussianBlur(_large_field(bank, side), (0, 0), rng.uniform(0.8, 3))
    level = inside * 3 + noise * rng.uniform(0.2, 0.9)
    mask = (np.clip(level * 4 + 0.5, 0, 1) * 255).astype(np.uint8)
    count, label, statistics, _ = cv2.connectedComponentsWithStats((mask > 127).astype(np.uint8))
    if count > 1:
        mask[label != 1 + np.argmax(statistics[1:, cv2.CC_STAT_AREA])] = 0
    return mask


def _large_field(bank, side):
    field = spectral(bank.rng) if bank.rng.random() < 0.1 else bank.crop(SIDE, SIDE, 1, 1)
    return field[:side, :side] if side <= SIDE else cv2.resize(field, (side, side))


def bounds(mask, padding=2):
    """Bounding box of a mask: x0, y0, x1, y1, ends excluded, widened by `padding`."""
    x, y, width, height = cv2.boundingRect(mask)
    rows, columns = mask.shape
    return (
        max(0, x - padding),
        max(0, y - padding),
        min(columns, x + width + padding),
        min(rows, y + height + padding),
    )
