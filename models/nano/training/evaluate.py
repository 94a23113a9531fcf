"""Measures mean IoU on photographs that were never trained on: BSDS500, splits train and val.

    python3 evaluate.py --bsds DIR --weights ../weights/nano.safetensors [--limit 60] [--baselines]

DIR holds images/{train,val}/*.jpg and groundTruth/{train,val}/*.mat. Objects are the segments of
the human segmentation with the median number of segments that cover 1 to 60 % of the picture.

Per object: one click at its most interior point (click1_*); then corrections at the most interior
point of the larger error region, previous logits fed back (click2, click3, click5 count all
clicks); separately the tight box, and one correction of it. IoU at the picture's own resolution.

For parallel runs: --part 0/4 --json part0.json ..., then --merge part*.json.
"""

import argparse
import glob
import json
import os
import time

import cv2
import numpy as np
import torch
from scipy.io import loadmat

import baselines
import weights
from predictor import Predictor
from regions import bounding_box, connected_piece, deepest
from regions import intersection_over_union as iou

cv2.setNumThreads(1)

REPORTED_CLICKS = (2, 3, 5)
NOT_MEANS = ('objects', 'pictures', 'size', 'seconds')


def objects(path):
    """The masks to segment in a picture, from its .mat file."""
    people = loadmat(path)['groundTruth'][0]
    segmentations = [person[0, 0]['Segmentation'] for person in people]
    order = np.argsort([s.max() for s in segmentations], kind='stable')
    chosen = segmentations[int(order[len(order) // 2])]
    masks = (chosen == i for i in range(1, chosen.max() + 1))
    return [m for m in masks if 0.01 * m.size <= m.sum() <= 0.6 * m.size]


def correction(answer, truth):
    """The next click of somebody who looks: deepest in what is missed, or in what is too much."""
    (missed, a), (wrong, b) = deepest(truth & ~answer), deepest(answer & ~truth)
    return (missed, 1) if a >= b else (wrong, 0)


def clicks(predictor, truth, first, count):
    """Scores of one to `count` clicks; `first` names the mask that corrections start from."""
    point, _ = deepest(truth)
    logits, quality = predictor.predict([point], [1])
    masks = [predictor.mask(output) for output in logits]
    scores = [iou(mask, truth) for mask in masks]
    predicted, overall = 1 + int(quality[1:].argmax()), int(quality.argmax())
    found = {
        'click1_oracle3': max(scores[1:]),
        'click1_predicted': scores[predicted],
        'click1_single': scores[0],
        'click1_best4': scores[overall],
        'click1_single_piece': iou(connected_piece(masks[0], point), truth),
        'iou_head_abs_err': abs(float(quality[predicted]) - scores[predicted]),
    }
    start = {'single': 0, 'best4': overall, 'predicted': predicted}[first]
    points, labels, answer, previous = [point], [1], masks[start], logits[start]
    for number in range(2, count + 1):
        point, label = correction(answer, truth)
        points.append(point)
        labels.append(label)
        logits, _ = predictor.predict(points, labels, None, previous)
        previous, answer = logits[0], predictor.mask(logits[0])
        if number in REPORTED_CLICKS:
            found['click%d' % number] = iou(answer, truth)
    return found


def boxes(predictor, truth):
    """Scores of the tight box, alone and with one correction."""
    box = bounding_box(truth)
    logits, _ = predictor.predict([], [], box)
    answer = predictor.mask(logits[0])
    point, label = correction(answer, truth)
    corrected, _ = predictor.predict([point], [label], box, logits[0])
    return {'box': iou(answer, truth), 'box_click1': iou(predictor.mask(corrected[0]), truth)}


def without_model(picture, truth):
    point, box = deepest(truth)[0], bounding_box(truth)
    best, fixed = baselines.flood(picture, point, truth)
    return {
        'flood_best_tolerance': best,
        'flood_tolerance18': fixed,
        'grabcut_box': iou(baselines.grab_cut(picture, box), truth),
        'filled_box': iou(baselines.filled_box(picture, box), truth),
    }


def merge(paths):
    """One result from those of several parts, each weighted by its objects."""
    parts = []
    for path in paths:
        with open(path) as file:
            parts.append(json.load(file))
    total = sum(part['objects'] for part in parts)
    means = {
        key: round(sum(part[key] * part['objects'] for part in parts) / total, 4)
        for key in parts[0]
        if key not in NOT_MEANS
    }
    counted = sum(part['pictures'] for part in parts)
    return {**means, 'objects': total, 'pictures': counted, 'size': parts[0]['size']}


def photographs(options):
    """Paths of the pictures to evaluate on. The test split is left alone."""
    names = []
    for split in ('train', 'val'):
        names += glob.glob(os.path.join(options.bsds, 'images', split, '*.jpg'))
    names.sort()
    if options.limit:
        names = names[:: max(1, len(names) // options.limit)][: options.limit]
    if options.part:
        part, parts = map(int, options.part.split('/'))
        names = names[part::parts]
    return names


def truth_path(path):
    """images/val/1.jpg -> groundTruth/val/1.mat"""
    folder, name = os.path.split(path)
    images, split = os.path.split(folder)
    root = os.path.dirname(images)
    return os.path.join(root, 'groundTruth', split, os.path.splitext(name)[0] + '.mat')


def evaluate(options, model):
    scores, start, names = {}, time.time(), photographs(options)
    for name in names:
        picture = cv2.imread(name)[..., ::-1].copy()
        if model is not None:
            predictor = Predictor(model, options.size)
            predictor.set_image(picture)
        for truth in objects(truth_path(name))[: options.per_picture]:
            found = {}
            if model is not None:
                found.update(clicks(predictor, truth, options.first, options.clicks))
                found.update(boxes(predictor, truth))
            if options.baselines:
                found.update(without_model(picture, truth))
            for key, value in found.items():
                scores.setdefault(key, []).append(float(value))
    if not scores:
        raise SystemExit('nothing to evaluate: no pictures with objects in %s' % options.bsds)
    result = {key: round(float(np.mean(values)), 4) for key, values in scores.items()}
    count = len(next(iter(scores.values())))
    result.update(objects=count, pictures=len(names), size=options.size)
    result['seconds'] = round(time.time() - start, 1)
    return result


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add('--bsds', help='folder with images/ and groundTruth/')
    weights.add_source(parser)
    add('--size', type=int, default=384, help='input side')
    add('--limit', type=int, default=0, help='about this many pictures, evenly spread')
    add('--per-picture', type=int, default=100, help='objects per picture at most')
    add('--clicks', type=int, default=5)
    add(
        '--first',
        default='single',
        choices=('single', 'best4', 'predicted'),
        help='the mask that corrections start from: output 0, the best of all, the best of 1 to 3',
    )
    add('--baselines', action='store_true', help='flood fill, GrabCut, filled box')
    add('--part', help='i/n: every n-th picture from the i-th on')
    add('--merge', nargs='+', help='combine --json files of parts, and nothing else')
    add('--threads', type=int, default=1)
    add('--json', help='write the result to this file as well')
    options = parser.parse_args()

    if options.merge:
        result = merge(options.merge)
    else:
        model = weights.from_options(options)
        if not options.bsds or (model is None and not options.baselines):
            parser.error('give --bsds, and --weights or --checkpoint or --baselines')
        torch.set_num_threads(options.threads)
        result = evaluate(options, model)
    print(json.dumps(result))
    if options.json:
        with open(options.json, 'w') as file:
            json.dump(result, file, indent=1)


if __name__ == '__main__':
    main()
