"""Procedural training scenes: drawn, with photographs of materials where a bank has them.

Every scene is an RGB picture and three aligned label maps (uint8, 0 is unlabelled):

    labels[0]  parts    finest regions: a shirt, a roof, a face
    labels[1]  objects  whole objects; ids 1..31 are background regions ("stuff")
    labels[2]  groups   clusters of objects that belong together

Surfaces are noise fields (`fields`, `surfaces`) or materials (`textures`), shapes are polygons,
glyphs and level sets (`outlines`, `shapes`, `templates`), and `background`, `foreground` and
`camera` paint with them on a `canvas`.
"""

import cv2

from .background import paint_background
from .camera import photograph
from .canvas import STUFF_IDS, Canvas
from .fields import FieldBank
from .foreground import paint_foreground
from .textures import load_tiles

__all__ = ['STUFF_IDS', 'FieldBank', 'load_tiles', 'make_scene']

cv2.setNumThreads(1)  # one process per core makes scenes faster than threads within one


def make_scene(bank, side):
    """One scene: picture uint8 [side, side, 3], labels uint8 [3, side, side]."""
    canvas = Canvas(bank, side)
    paint_background(canvas)
    if bank.rng.random() < 0.97:
        paint_foreground(canvas)
    bank.renew()
    return photograph(bank.rng, canvas.picture), canvas.labels
