"""Surfaces from photographs of materials, where a bank of them is given.

A tile is a small RGB photograph whose opposite edges meet, so that it goes on for ever. Tiles are
turned, zoomed and recoloured: what is learnt shall be how materials vary, not these ones.
"""

import cv2
import numpy as np

FIELD_SHARE = 0.4  # of the noise fields that come from a tile's brightness
SURFACE_SHARE = 0.45  # of surfaces that are a tile
OWN_COLOUR = 0.5  # of these that keep the material's colour, where nothing else is asked for


def load_tiles(path):
    """Tiles uint8 [n, side, side, 3] of a bank that `fetch_textures.py` made."""
    with np.load(path) as file:
        return file['tiles']


def _turned(rng, tile, height, width, zoom):
    """The tile, turned, mirrored and gone on with, over [height, width]; zoom: pixels per pixel."""
    angle = rng.uniform(0, 2 * np.pi) if rng.random() < 0.5 else rng.integers(4) * np.pi / 2
    flip = rng.choice([-1.0, 1.0])
    stretch = np.exp(rng.normal(0, 0.15))
    c, s = np.cos(angle) / zoom, np.sin(angle) / zoom
    shift = rng.uniform(0, tile.shape[0], 2)
    matrix = np.float32([[c * flip, -s * stretch, shift[0]], [s * flip, c * stretch, shift[1]]])
    if zoom < 0.9:
        tile = cv2.blur(tile, (2, 2))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(tile, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_WRAP)


def texture_field(rng, tiles, side):
    """Brightness of a tile over [side, side], not yet standardised."""
    tile = tiles[rng.integers(len(tiles))].astype(np.float32)
    zoom = np.exp(rng.uniform(np.log(1.0), np.log(3.5)))
    return _turned(rng, tile @ np.float32([0.299, 0.587, 0.114]), side, side, float(zoom))


def textured(bank, height, width, colour=None, calm=None):
    """A surface of a material, float32 [height, width, 3] in about 0..1.

    colour: what it shall have on average, float64 [3]; None keeps its own, shifted a little. calm:
    factor on the pattern's amplitude.
    """
    rng = bank.rng
    tile = bank.tiles[rng.integers(len(bank.tiles))].astype(np.float32) / 255
    zoom = np.exp(rng.uniform(np.log(0.6), np.log(4)))
    picture = _turned(rng, tile, height, width, float(zoom))
    mean = tile.mean((0, 1))
    if colour is None:
        colour = np.clip(mean * np.exp(rng.normal(0, 0.25)) + rng.normal(0, 0.04, 3), 0.02, 0.98)
    loud = np.exp(rng.normal(0, 0.35))
    if calm is not None:
        loud = loud * float(calm)
    pattern = (picture - mean) * np.float32(loud)
    if rng.random() < 0.3:  # a pattern of brightness alone
        pattern = np.repeat(pattern.mean(-1, keepdims=True), 3, -1)
    if zoom > 1.5:  # what a camera would still see between the pixels of an enlarged tile
        grain = float(rng.uniform(0, 0.25)) * float(pattern.std())
        pattern = pattern + grain * bank.crop(height, width, 0.4, 1.0)[..., None]
    return pattern + np.asarray(colour, np.float32)
