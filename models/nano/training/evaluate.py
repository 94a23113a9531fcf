"""Measures what the model makes of prompts, on pictures that were never trained on.

    python3 evaluate.py --bsds DIR --weights ../weights/nano.safetensors [--limit 60] [--baselines]
    python3 evaluate.py --pool held_out --weights ../weights/nano.safetensors

--bsds: a folder with images/{train,val}/*.jpg and groundTruth/{train,val}/*.mat. Objects are the
segments of the human segmentation with the median number of segments that cover 1 to 60 % of the
picture. --pool: scenes of make_pool.py, of models that no training scene shows; whole objects.

Per object: one click at its most interior point (click1_*), then corrections at the most interior
point of the larger error region, previous logits fed back (click2, click3, click5 count all
clicks); one click anywhere in it (click1_anywhere); the tight box, the same and one correction, a
box that is off by a tenth (box_loose). IoU, and F of the outline (f_*), at the picture's own
resolution.
"""

import argparse
import json
import multiprocessing
import time

import cv2
import numpy as np
import torch

import baselines
import weights
from predictor import Predictor
from regions import boundary_f, bounding_box, connected_piece, deepest
from regions import intersection_over_union as iou
from truths import Photographs, Pool

cv2.setNumThreads(1)

REPORTED_CLICKS = (2, 3, 5)
LOOSE = 0.1  # standard deviation of a loose box's corners, of its sides


def correction(answer, truth):
    """The next click of somebody who looks: deepest in what is missed, or in what is too much."""
    (missed, a), (wrong, b) = deepest(truth & ~answer), deepest(answer & ~truth)
    return (missed, 1) if a >= b else (wrong, 0)


def clicks(predictor, truth, rng, first, count):
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
        'f_click1': boundary_f(masks[0], truth),
        'iou_head_abs_err': abs(float(quality[predicted]) - scores[predicted]),
        'iou_head_abs_err_single': abs(float(quality[0]) - scores[0]),
        'iou_head_bias': float(quality[predicted]) - scores[predicted],
    }
    ys, xs = np.nonzero(truth)
    anywhere = int(rng.integers(len(ys)))
    elsewhere, _ = predictor.predict([(int(xs[anywhere]), int(ys[anywhere]))], [1])
    found['click1_anywhere'] = iou(predictor.mask(elsewhere[0]), truth)
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
            if number == 3:
                found['f_click3'] = boundary_f(answer, truth)
    return found


def boxes(predictor, truth, rng):
    """Scores of the tight box, alone and with one correction, and of a loose one."""
    box = bounding_box(truth)
    logits, quality = predictor.predict([], [], box)
    answer = predictor.mask(logits[0])
    point, label = correction(answer, truth)
    corrected, _ = predictor.predict([point], [label], box, logits[0])
    width, height = box[2] - box[0] + 1, box[3] - box[1] + 1
    off = rng.normal(0, LOOSE, 4).clip(-0.2, 0.2) * (width, height, width, height)
    limits = np.array(truth.shape[::-1] * 2) - 1
    loose, _ = predictor.predict([], [], np.round(box + off).clip(0, limits).tolist())
    return {
        'box': iou(answer, truth),
        'box_click1': iou(predictor.mask(corrected[0]), truth),
        'box_loose': iou(predictor.mask(loose[0]), truth),
        'f_box': boundary_f(answer, truth),
        'iou_head_abs_err_box': abs(float(quality[0]) - iou(answer, truth)),
    }


def without_model(picture, truth):
    point, box = deepest(truth)[0], bounding_box(truth)
    best, fixed = baselines.flood(picture, point, truth)
    return {
        'flood_best_tolerance': best,
        'flood_tolerance18': fixed,
        'grabcut_box': iou(baselines.grab_cut(picture, box), truth),
        'filled_box': iou(baselines.filled_box(picture, box), truth),
    }


class Measurement:
    """Measures one picture at a time; forked processes share it."""

    def __init__(self, options, model, source):
        self.options, self.model, self.source = options, model, source

    def __call__(self, i):
        """Scores of every object in picture i."""
        torch.set_num_threads(self.options.threads)
        options, rows = self.options, []
        picture, masks = self.source[i]
        rng = np.random.default_rng([17, i])
        if self.model is not None:
            predictor = Predictor(self.model, options.size)
            predictor.set_image(picture)
        for truth in masks[: options.per_picture]:
            found = {}
            if self.model is not None:
                found.update(clicks(predictor, truth, rng, options.first, options.clicks))
                found.update(boxes(predictor, truth, rng))
            if options.baselines:
                found.update(without_model(picture, truth))
            rows.append(found)
        return rows


def evaluate(options, model, source):
    """Means over all objects, and what they are means of (`values`, `picture` of each object)."""
    start, measure = time.time(), Measurement(options, model, source)
    if options.processes == 1:
        pictures = list(map(measure, range(len(source))))
    else:
        # Forked before torch starts any thread of its own here; each child works with one.
        with multiprocessing.get_context('fork').Pool(options.processes) as pool:
            pictures = pool.map(measure, range(len(source)), chunksize=1)
    rows = [row for picture in pictures for row in picture]
    if not rows:
        raise SystemExit('nothing to evaluate: no pictures with objects there')
    values = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
    return {
        **{key: round(float(v.mean()), 4) for key, v in values.items()},
        'objects': len(rows),
        'pictures': len(source),
        'size': options.size,
        'seconds': round(time.time() - start, 1),
        'picture': [i for i, picture in enumerate(pictures) for _ in picture],
        'values': {key: [round(x, 4) for x in v.tolist()] for key, v in values.items()},
    }


def parse(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument('--bsds', help='folder with images/ and groundTruth/')
    where.add_argument('--pool', help='folder of scenes')
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
    add('--processes', type=int, default=1, help='pictures measured at once')
    add('--threads', type=int, default=1, help='per process')
    add('--json', help='write the result to this file as well')
    options = parser.parse_args(arguments)
    if not (options.weights or options.checkpoint or options.baselines):
        parser.error('give --weights or --checkpoint or --baselines')
    return options


def main():
    options = parse()
    model = weights.from_options(options)
    source = Photographs if options.bsds else Pool
    result = evaluate(options, model, source(options.bsds or options.pool, options.limit))
    print(json.dumps({k: v for k, v in result.items() if k not in ('values', 'picture')}))
    if options.json:
        with open(options.json, 'w') as file:
            json.dump(result, file)
            file.write('\n')


if __name__ == '__main__':
    main()
