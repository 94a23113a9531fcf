import tempfile
import unittest

import numpy as np

import evaluate
import weights
from regions import boundary_f, outline
from tests.test_samples import make_tiny_pool
from tests.test_weights import SHIPPED
from truths import Pool


class Outlines(unittest.TestCase):
    def square(self, offset=0, side=60):
        mask = np.zeros((200, 200), bool)
        mask[50 + offset : 50 + offset + side, 40:100] = True
        return mask

    def test_an_outline_is_one_pixel_wide_and_closes_at_the_edge_of_the_picture(self):
        self.assertEqual(int(outline(self.square()).sum()), 4 * 59)
        whole = np.ones((10, 12), bool)
        self.assertEqual(int(outline(whole).sum()), 2 * 10 + 2 * 12 - 4)

    def test_f_forgives_what_lies_within_the_tolerance(self):
        # The diagonal is 283 pixels, so the tolerance is 2.1.
        truth = self.square()
        self.assertEqual(boundary_f(truth, truth), 1)
        self.assertEqual(boundary_f(self.square(2), truth), 1)
        self.assertLess(boundary_f(self.square(6), truth), 0.6)
        self.assertEqual(boundary_f(np.zeros_like(truth), truth), 0)
        # Half of the truth's outline is found, and nothing else: precision 1, recall about a half.
        half = boundary_f(truth & (np.arange(200) < 70)[None], truth)
        self.assertTrue(0.5 < half < 0.85)


class Evaluation(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pool = folder.name
        make_tiny_pool(self.pool, 3, 128)

    def result(self, *arguments):
        options = evaluate.parse(
            ['--pool', self.pool, '--weights', SHIPPED, '--size', '128', *arguments]
        )
        return evaluate.evaluate(options, weights.from_options(options), Pool(self.pool))

    def test_every_figure_is_there_and_processes_change_none(self):
        one, two = self.result(), self.result('--processes', '2')
        self.assertGreater(one['objects'], 2)
        for key in ('click1_single', 'click5', 'box_loose', 'f_box', 'click1_anywhere'):
            self.assertTrue(0 <= one[key] <= 1)
            self.assertEqual(len(one['values'][key]), len(one['picture']))
        self.assertGreater(one['click5'], one['click1_single'])
        one.pop('seconds'), two.pop('seconds')
        self.assertEqual(one, two)

    def test_objects_are_whole_and_of_useful_size(self):
        for picture, masks in map(Pool(self.pool).__getitem__, range(3)):
            for mask in masks:
                self.assertEqual(mask.shape, picture.shape[:2])
                self.assertTrue(0.01 <= mask.mean() <= 0.6)
