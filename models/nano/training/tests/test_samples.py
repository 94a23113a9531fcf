import itertools
import os
import tempfile
import unittest

import cv2
import numpy as np

import make_pool
from samples import Samples, batches, count_scenes
from scenes import FieldBank
from shards import save_shard


def make_tiny_pool(folder, count=4, side=96):
    pictures = np.zeros((count, side, side, 3), np.uint8)
    labels = np.zeros((count, 3, side, side), np.uint8)
    make_pool.fill(pictures, labels, FieldBank(np.random.default_rng(2), 4))
    save_shard(os.path.join(folder, 'shard_2_0'), pictures, labels)


class SamplesOfAPool(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pool = folder.name
        make_tiny_pool(self.pool)

    def draw(self, seed, count=6):
        return list(itertools.islice(Samples(self.pool, 64, 3, seed), count))

    def test_shapes(self):
        for picture, targets, boxes in self.draw((1,)):
            self.assertEqual(picture.shape, (64, 64, 3))
            self.assertEqual(targets.shape, (3, 16, 16))
            self.assertEqual(boxes.shape, (3, 4))

    def test_boxes_hold_their_targets(self):
        for _, targets, boxes in self.draw((1,)):
            for target, box in zip(targets, boxes):
                x, y, w, h = cv2.boundingRect((target > 0).astype(np.uint8))
                # Cells are four pixels wide; their bounds are at most that much wider than the box.
                self.assertTrue(4 * x <= box[0] <= 4 * x + 3 and 4 * y <= box[1] <= 4 * y + 3)
                right, bottom = 4 * (x + w), 4 * (y + h)
                self.assertTrue(right - 4 <= box[2] < right and bottom - 4 <= box[3] < bottom)

    def test_a_seed_names_a_stream(self):
        for a, b in zip(self.draw((1, 2)), self.draw((1, 2))):
            for x, y in zip(a, b):
                np.testing.assert_array_equal(x, y)
        self.assertFalse(np.array_equal(self.draw((1, 2))[0][0], self.draw((2, 1))[0][0]))

    def test_loader_processes_draw_different_samples(self):
        source = batches(self.pool, 64, 1, 3, (0,), 2, pinned=False)
        first, second = next(source)[0], next(source)[0]
        self.assertFalse(np.array_equal(first.numpy(), second.numpy()))

    def test_an_empty_pool_says_what_to_do(self):
        with tempfile.TemporaryDirectory() as empty:
            self.assertEqual(count_scenes(empty), {'shards': 0, 'scenes': 0})
            with self.assertRaisesRegex(FileNotFoundError, 'make_pool.py'):
                next(iter(Samples(empty, 64, 3, (0,))))
