"""From painted scene to photograph: light, exposure, blur, noise, compression."""

import cv2
import numpy as np

from .outlines import blob


def _light_patches(rng, picture):
    """Cast shadows or patches of light that belong to no object."""
    side = picture.shape[0]
    quarter = side / 4
    mask = np.zeros((side // 4, side // 4), np.uint8)
    for _ in range(rng.integers(1, 4)):
        centre = rng.uniform(0, 1, 2) * side / 4
        outline = blob(rng, *centre, quarter * rng.uniform(0.1, 0.6))
        cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], 255)
    mask = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.5, 5))
    mask = cv2.resize(mask, (side, side)).astype(np.float32) / 255
    return picture * (1 + (rng.uniform(-0.55, 0.35)) * mask)[..., None]


def _illuminate(rng, picture):
    """Light from one side, vignette, colour cast, haze, exposure and tone curve."""
    side = picture.shape[0]
    if rng.random() < 0.3:
        picture = _light_patches(rng, picture)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side - 0.5
    if rng.random() < 0.5:
        angle = rng.uniform(0, 7)
        ramp = x * float(np.cos(angle)) + y * float(np.sin(angle))
        picture = picture * (1 + rng.uniform(0, 0.5) * ramp)[..., None]
    if rng.random() < 0.3:
        picture = picture * (1 - rng.uniform(0.1, 0.7) * (x * x + y * y))[..., None]
    picture = picture * (1 + rng.normal(0, 0.05, 3)).astype(np.float32)
    if rng.random() < 0.2:
        picture = picture + (rng.uniform(0.5, 0.9) - picture) * rng.uniform(0.05, 0.4)
    if rng.random() < 0.75:
        white = rng.uniform(0.65, 1.1)
        picture = picture * (white / max(0.05, float(np.percentile(picture[::4, ::4], 97))))
    return np.clip(picture, 0, 1) ** rng.uniform(0.65, 1.25)


def _expose(rng, picture):
    """Blur of lens and motion, sensor noise, sharpening."""
    side = picture.shape[0]
    if rng.random() < 0.5:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.1))
    if rng.random() < 0.15:
        length = int(rng.integers(2, 6))
        kernel = np.zeros((length, length), np.float32)
        if rng.random() < 0.5:
            kernel[length // 2] = 1 / length
        else:
            kernel[:, length // 2] = 1 / length
        picture = cv2.filter2D(picture, -1, kernel)
    sigma = float(rng.choice([0, 0.005, 0.015, 0.035]))
    if sigma:
        grey = rng.standard_normal((side, side, 1)).astype(np.float32) * sigma
        colour = rng.standard_normal((side, side, 3)).astype(np.float32) * sigma * 0.5
        picture = picture + (grey + colour)
    if rng.random() < 0.2:
        strength = rng.uniform(0.2, 0.8)
        picture = picture + strength * (picture - cv2.GaussianBlur(picture, (0, 0), 1.2))
    return picture


def photograph(rng, picture):
    """The finished picture, uint8 [side, side, 3] RGB."""
    picture = _expose(rng, _illuminate(rng, picture))
    rgb = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    if rng.random() < 0.6:
        quality = int(rng.integers(35, 96))
        _, encoded = cv2.imencode('.jpg', rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        rgb = cv2.imdecode(encoded, cv2.IMREAD_COLOR)[..., ::-1]
    return np.ascontiguousarray(rgb)
