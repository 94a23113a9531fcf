"""Changes how a picture was taken, not what it shows: tone, colour, blur, noise, compression."""

import cv2
import numpy as np


def _tone_curves(rng):
    """A look-up table of gain, gamma and offset, slightly different per channel, [1, 256, 3]"""
    x = np.arange(256, dtype=np.float32) / 255
    table = np.empty((1, 256, 3), np.float32)
    gain, gamma, offset = rng.uniform(0.75, 1.3), np.exp(rng.normal(0, 0.2)), rng.normal(0, 0.04)
    for channel in range(3):
        curve = x ** (gamma * np.exp(rng.normal(0, 0.06)))
        curve = curve * gain * np.exp(rng.normal(0, 0.06)) + offset
        table[0, :, channel] = np.clip(curve, 0, 1)
    return (table * 255).astype(np.uint8)


def recolour(rng, picture):
    """uint8 [height, width, 3] -> the same scene as another camera would have seen it."""
    if rng.random() < 0.1:
        picture = picture[..., rng.permutation(3)]
    if rng.random() < 0.06:
        grey = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY)
        picture = np.repeat(grey[..., None], 3, 2)
    picture = cv2.LUT(np.ascontiguousarray(picture), _tone_curves(rng))
    if rng.random() < 0.3:
        grey = picture.mean(2, keepdims=True)
        vivid = grey + (picture - grey) * rng.uniform(0.3, 1.7)
        picture = np.clip(vivid, 0, 255).astype(np.uint8)
    if rng.random() < 0.2:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.0))
    if rng.random() < 0.25:
        noise = rng.normal(0, rng.uniform(1, 9), picture.shape)
        picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.15:
        quality = int(rng.integers(40, 92))
        _, encoded = cv2.imencode('.jpg', picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        picture = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    return picture
