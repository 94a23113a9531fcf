import hashlib
import unittest

import cv2
import numpy as np

from scenes import STUFF_IDS, FieldBank, make_scene

DIGEST = '948a29e90d9626a1707d563ef564c0047c509a434a2b9cd9d3ea4b1f1d6a0b34'
SATURATED = 254  # the part id that all further parts of an overfull scene share


def some_scenes(seed, count, side=96):
    bank = FieldBank(np.random.default_rng(seed), 6)
    return [make_scene(bank, side) for _ in range(count)]


class Scenes(unittest.TestCase):
    def test_a_seed_always_gives_the_same_scenes(self):
        for (a, b), (c, d) in zip(some_scenes(3, 4), some_scenes(3, 4)):
            np.testing.assert_array_equal(a, c)
            np.testing.assert_array_equal(b, d)

    def test_scenes_are_those_of_the_delivered_weights(self):
        if not cv2.__version__.startswith('4.6.') or not np.__version__.startswith('1.24.'):
            self.skipTest('the digest was made with OpenCV 4.6 and NumPy 1.24')
        digest = hashlib.sha256()
        for picture, labels in some_scenes(1, 8):
            digest.update(picture.tobytes() + labels.tobytes())
        self.assertEqual(digest.hexdigest(), DIGEST)

    def test_parts_lie_in_objects_and_objects_in_groups(self):
        for _, labels in some_scenes(5, 6):
            self.assertTrue((labels > 0).all())
            for inner, outer in ((labels[0], labels[1]), (labels[1], labels[2])):
                for i in np.unique(inner):
                    if i != SATURATED:
                        self.assertEqual(len(np.unique(outer[inner == i])), 1)

    def test_background_and_objects_have_separate_ids(self):
        for _, labels in some_scenes(6, 6):
            stuff = labels[1] <= STUFF_IDS
            np.testing.assert_array_equal(stuff, labels[2] <= STUFF_IDS)
