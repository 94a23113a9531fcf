"""Golden values for other implementations, computed in float32 from the exported weights.

    python3 golden.py --weights ../weights/nano.safetensors --out golden

writes golden_0.png, golden_1.png, golden.safetensors (8.5 MB) and golden.json. What the repository
keeps of them is made by ../fixtures/reduce-golden.py.
"""

import argparse
import json
import os

import numpy as np
import torch
from PIL import Image

import safetensors_file
from interaction import LOGIT_LIMIT
from predictor import Predictor
from regions import bounding_box, deepest
from scenes import STUFF_IDS, FieldBank, make_scene
from weights import from_safetensors


def pictures(size):
    """Two scenes and the mask of one object in each: a square, and one that needs padding."""
    bank = FieldBank(np.random.default_rng(20), 40)
    for number in range(2):
        ids = []
        while len(ids) < 3:  # a scene with a few objects of useful size
            picture, labels = make_scene(bank, size)
            objects = labels[1]
            ids = [i for i in range(STUFF_IDS + 1, 256) if 0.02 < (objects == i).mean() < 0.4]
        if number == 1:
            top, bottom = size * 60 // 384, size * 300 // 384
            picture, objects = picture[top:bottom].copy(), objects[top:bottom]
            ids = [i for i in ids if (objects == i).sum() > 500]
        yield picture, objects == ids[0]


def far_corner(picture, point):
    """A point 20 pixels from the two edges that lie farther from `point`: background, mostly."""
    height, width = picture.shape[:2]
    return [
        width - 20 if point[0] < width / 2 else 20,
        height - 20 if point[1] < height / 2 else 20,
    ]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--weights', required=True, help='exported safetensors file')
    parser.add_argument('--out', required=True, help='folder; made if it is not there')
    parser.add_argument('--size', type=int, default=384)
    options = parser.parse_args()

    os.makedirs(options.out, exist_ok=True)
    torch.set_num_threads(1)
    predictor = Predictor(from_safetensors(options.weights), options.size)
    tensors, images = {}, []
    for number, (picture, target) in enumerate(pictures(options.size)):
        name, prefix = 'golden_%d.png' % number, 'image%d.' % number
        Image.fromarray(picture).save(os.path.join(options.out, name))
        predictor.set_image(picture)
        tensors[prefix + 'input'] = predictor.input.numpy()
        for key, feature in zip(('embed', 'feat8', 'feat4'), predictor.features):
            tensors[prefix + key] = feature.numpy()

        inside = list(deepest(target)[0])
        outside, box = far_corner(picture, inside), list(bounding_box(target))
        prompts, previous, chosen = [], None, 0
        for key, points, labels, given_box, with_mask in (
            ('click', [inside], [1], None, False),
            ('two_clicks', [inside, outside], [1, 0], None, False),
            ('box', [], [], box, False),
            ('box_click', [inside], [1], box, False),
            ('click_with_mask', [inside, outside], [1, 0], None, True),
        ):
            mask = previous if with_mask else None
            logits, quality = predictor.predict(points, labels, given_box, mask)
            if key == 'click':
                chosen = 1 + int(quality[1:].argmax())
                previous = logits[chosen]
            tensors[prefix + key + '.logits'] = logits.numpy()
            tensors[prefix + key + '.iou'] = quality.numpy()
            source = 'logits of "click", output %d, clamped to [-%d, %d]'
            prompts.append(
                {
                    'name': key,
                    'points': points,
                    'labels': labels,
                    'box': given_box,
                    'mask': source % (chosen, LOGIT_LIMIT, LOGIT_LIMIT) if with_mask else None,
                    'iou': [round(float(v), 5) for v in quality],
                    'mask_pixels': [int((output > 0).sum()) for output in logits],
                }
            )
        height, width = picture.shape[:2]
        images.append({'file': name, 'width': width, 'height': height, 'prompts': prompts})
    safetensors_file.save(
        os.path.join(options.out, 'golden.safetensors'),
        {name: value.astype(np.float32) for name, value in tensors.items()},
    )
    with open(os.path.join(options.out, 'golden.json'), 'w') as file:
        json.dump({'size': options.size, 'images': images}, file, indent=1)
    print('%d tensors in %s' % (len(tensors), options.out))


if __name__ == '__main__':
    main()
