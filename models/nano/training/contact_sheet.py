"""Shows by eye what the model makes of clicks and boxes on a few photographs.

    python3 contact_sheet.py --photos ../../../../shared/photos --out sheet.jpg \\
        --weights ../weights/nano.safetensors

One row per prompt: the picture with the prompt, output 0, and the three candidates, each with its
score. Photographs that are not in the folder are left out.
"""

import argparse
import os

import cv2
import numpy as np
import torch

import weights
from predictor import Predictor

HEIGHT = 180  # of a row, in pixels
TINT = np.array([255, 60, 60], np.float32)

# Fractions of width and height: clicks (x, y, label) and a box, or None.
PROMPTS = {
    'coffee.jpg': [
        ([(0.47, 0.36, 1)], None),
        ([(0.20, 0.75, 1)], None),
        ([(0.61, 0.71, 1)], None),
        ([], (0.28, 0.03, 0.71, 0.80)),
    ],
    'cat.jpg': [([(0.45, 0.60, 1)], None), ([(0.38, 0.39, 1)], None)],
    'astronaut.jpg': [
        ([(0.25, 0.68, 1)], None),
        ([(0.43, 0.22, 1)], None),
        ([(0.25, 0.68, 1), (0.43, 0.22, 1), (0.40, 0.10, 1)], None),
        ([], (0.04, 0.02, 0.72, 0.99)),
    ],
    'rocket.jpg': [
        ([(0.50, 0.60, 1)], None),
        ([(0.30, 0.20, 1)], None),
        ([], (0.47, 0.29, 0.53, 0.97)),
    ],
    'retina.jpg': [([(0.16, 0.47, 1)], None), ([(0.60, 0.60, 1)], None)],
}


def tile(picture, caption):
    """A picture at the row's height with a caption on it."""
    width = max(1, round(picture.shape[1] * HEIGHT / picture.shape[0]))
    small = cv2.resize(picture, (width, HEIGHT), interpolation=cv2.INTER_AREA)
    for colour, thickness in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(small, caption, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.42, colour, thickness)
    return small


def tinted(picture, mask):
    shade = np.where(mask[..., None], 0.5 * picture + 0.5 * TINT, 0.6 * picture)
    return np.ascontiguousarray(shade.astype(np.uint8))


def row(predictor, picture, clicks, box):
    """Tiles of one prompt, side by side."""
    height, width = picture.shape[:2]
    points = [(round(x * (width - 1)), round(y * (height - 1))) for x, y, _ in clicks]
    corners = None
    if box is not None:
        corners = [round(v * (n - 1)) for v, n in zip(box, (width, height) * 2)]
    logits, quality = predictor.predict(points, [label for *_, label in clicks], corners)
    asked = picture.copy()
    dot = max(3, width // 80)
    for point, (*_, label) in zip(points, clicks):
        cv2.circle(asked, point, dot + 2, (255, 255, 255), -1)
        cv2.circle(asked, point, dot, (30, 180, 30) if label else (200, 30, 30), -1)
    if corners is not None:
        cv2.rectangle(asked, corners[:2], corners[2:], (255, 255, 0), max(2, width // 200))
    tiles = [tile(asked, '')]
    for number, (output, score) in enumerate(zip(logits, quality)):
        name = 'default' if number == 0 else 'candidate %d' % number
        mask = predictor.mask(output)
        tiles.append(tile(tinted(picture, mask), '%s %.2f' % (name, score)))
    return np.concatenate(tiles, 1)


def sheet(folder, predictor):
    """All rows under one another, uint8 [height, width, 3] RGB."""
    rows = []
    for name, prompts in PROMPTS.items():
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            continue
        picture = cv2.imread(path)[..., ::-1].copy()
        predictor.set_image(picture)
        rows += [row(predictor, picture, *prompt) for prompt in prompts]
    if not rows:
        raise SystemExit('none of %s is in %s' % (', '.join(PROMPTS), folder))
    width = max(r.shape[1] for r in rows)
    return np.concatenate([np.pad(r, ((0, 4), (0, width - r.shape[1]), (0, 0))) for r in rows])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--photos', required=True, help='folder')
    parser.add_argument('--out', required=True, help='picture to write')
    parser.add_argument('--size', type=int, default=384)
    weights.add_source(parser)
    options = parser.parse_args()
    model = weights.from_options(options)
    if model is None:
        parser.error('give --weights or --checkpoint')
    torch.set_num_threads(1)
    picture = sheet(options.photos, Predictor(model, options.size))
    cv2.imwrite(options.out, picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == '__main__':
    main()
