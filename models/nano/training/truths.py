"""What the evaluation segments: pictures and masks of their objects, from BSDS500 or a pool."""

import glob
import os

import cv2
import numpy as np
from scipy.io import loadmat

from scenes import STUFF_IDS
from shards import load_shard, scene_count, shard_names

SMALLEST, LARGEST = 0.01, 0.6  # of a picture, to count as an object


def _useful(masks):
    return [m for m in masks if SMALLEST * m.size <= m.sum() <= LARGEST * m.size]


def _spread(items, limit):
    """About `limit` of the items, evenly spread; all of them for 0."""
    return items[:: max(1, len(items) // limit)][:limit] if limit else items


class Photographs:
    """BSDS500, splits train and val; the test split is left alone.

    Objects are the segments of the human segmentation with the median number of segments.
    """

    def __init__(self, folder, limit=0):
        names = []
        for split in ('train', 'val'):
            names += glob.glob(os.path.join(folder, 'images', split, '*.jpg'))
        self.names = _spread(sorted(names), limit)

    def __len__(self):
        return len(self.names)

    def __getitem__(self, i):
        """Picture uint8 [height, width, 3], RGB, and bool masks [height, width]."""
        path = self.names[i]
        images, name = os.path.split(path)
        root, split = os.path.dirname(os.path.dirname(images)), os.path.basename(images)
        truth = os.path.join(root, 'groundTruth', split, os.path.splitext(name)[0] + '.mat')
        people = loadmat(truth)['groundTruth'][0]
        segmentations = [person[0, 0]['Segmentation'] for person in people]
        order = np.argsort([s.max() for s in segmentations], kind='stable')
        chosen = segmentations[int(order[len(order) // 2])]
        picture = cv2.imread(path)[..., ::-1].copy()
        return picture, _useful(chosen == i for i in range(1, chosen.max() + 1))


class Pool:
    """A pool of scenes; objects are whole objects, background regions left out."""

    def __init__(self, folder, limit=0):
        places = []
        for name in shard_names(folder):
            places += [(name, i) for i in range(scene_count(name))]
        self.places = _spread(places, limit)

    def __len__(self):
        return len(self.places)

    def __getitem__(self, i):
        name, k = self.places[i]
        pictures, labels = load_shard(name, 'r')
        objects = labels[k, 1]
        ids = np.unique(objects)
        return pictures[k].copy(), _useful(objects == i for i in ids[ids > STUFF_IDS])
