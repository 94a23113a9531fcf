import contextlib
import io
import json
import os
import tempfile
import unittest
from unittest import mock

import cv2
import numpy as np

import average
import checkpoint
import compare
import contact_sheet
import slim
from predictor import Predictor
from tests.test_weights import LAST, SHIPPED
from weights import from_checkpoint, from_safetensors


def result(click3=(0.5, 0.6, 0.7), abs_err=(0.2, 0.2, 0.2)):
    values = {'click3': list(click3), 'iou_head_abs_err': list(abs_err), 'iou_head_bias': [0.1] * 3}
    common = {'picture': [0, 0, 1], 'objects': 3, 'pictures': 2, 'size': 384}
    return {**common, 'values': values}


class Comparison(unittest.TestCase):
    def run_on(self, before, after):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ('before.json', 'after.json')]
            for path, content in zip(paths, (before, after)):
                with open(path, 'w') as file:
                    json.dump(content, file)
            text = io.StringIO()
            arguments = mock.patch('sys.argv', ['compare.py', *paths])
            with (
                arguments,
                contextlib.redirect_stdout(text),
                self.assertRaises(SystemExit) as ended,
            ):
                compare.main()
        return ended.exception.code, text.getvalue()

    def test_errors_gain_by_falling(self):
        code, text = self.run_on(result(), result((0.6, 0.7, 0.8), (0.15,) * 3))
        self.assertEqual(code, 0)
        self.assertIn('+0.100', text)
        self.assertIn('+0.050', text)
        self.assertIn('worse: none', text)

    def test_the_error_of_a_gain_takes_the_objects_of_a_picture_together(self):
        gains = np.array([1.0, 1, 1, 1, -1, -1, -1, -1])
        alone = compare.clustered_error(gains, np.arange(8))
        together = compare.clustered_error(gains, np.repeat([0, 1], 4))
        self.assertAlmostEqual(alone, np.sqrt(8 * 8 / 7) / 8)
        self.assertAlmostEqual(together, np.sqrt(2 * 16 * 2) / 8)
        self.assertEqual(compare.clustered_error(np.full(5, 0.3), np.arange(5)), 0)

    def test_one_figure_that_falls_is_enough_to_fail(self):
        code, text = self.run_on(result(), result((0.6, 0.7, 0.8), (0.25,) * 3))
        self.assertEqual(code, 1)
        self.assertIn('worse: iou_head_abs_err', text)

    def test_other_pictures_are_refused(self):
        with self.assertRaisesRegex(SystemExit, 'not the same objects'):
            compare.compare(result(), {**result(), 'objects': 11})


class Slim(unittest.TestCase):
    def test_the_averaged_weights_and_the_hours_stay(self):
        tensors, _ = checkpoint.load(LAST)
        full = {**tensors, 'model': tensors['ema'], 'moments': {}}
        details = {'hours': 1.5, 'schedule': {'plan': 'x'}, 'scaler': {}}
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'last.pt')
            checkpoint.save(path, *slim.slim(full, details))
            kept, rest = checkpoint.load(path)
            self.assertEqual(from_checkpoint(path)[1], tensors['step'])
        self.assertEqual(set(kept), {'ema', 'step', 'cfg'})
        self.assertEqual(rest, {'hours': 1.5})


class Average(unittest.TestCase):
    def test_halfway_lies_in_the_middle_and_is_a_checkpoint(self):
        tensors, _ = checkpoint.load(LAST)
        moved = {n: t + 1 if t.is_floating_point() else t for n, t in tensors['ema'].items()}
        with tempfile.TemporaryDirectory() as folder:
            other, path = (os.path.join(folder, name) for name in ('other.pt', 'between.pt'))
            checkpoint.save(other, {**tensors, 'ema': moved}, {'hours': 2})
            arguments = ['average.py', '--checkpoint', LAST, '--with', other, '--out', path]
            with mock.patch('sys.argv', arguments):
                average.main()
            kept, details = checkpoint.load(path)
            self.assertEqual(from_checkpoint(path)[1], tensors['step'])
        self.assertEqual(details, {'hours': 2})
        for name, tensor in tensors['ema'].items():
            # In float32, in which the moved one was rounded, too.
            gained = kept['ema'][name].double() - tensor.double()
            expected = 0.5 if tensor.is_floating_point() else 0
            allowed = 2**-22 * max(1, float(tensor.abs().max()))
            self.assertLessEqual(float((gained - expected).abs().max()), allowed, name)

    def test_other_networks_are_refused(self):
        tensors, _ = checkpoint.load(LAST)
        name = min(tensors['ema'])
        with self.assertRaisesRegex(ValueError, 'only one of the checkpoints has ' + name):
            average.between(tensors['ema'], {}, 0.5)
        smaller = {**tensors['ema'], name: tensors['ema'][name][:1]}
        with self.assertRaisesRegex(ValueError, name):
            average.between(tensors['ema'], smaller, 0.5)


class Sheet(unittest.TestCase):
    def test_a_row_per_prompt_of_the_photographs_that_are_there(self):
        with tempfile.TemporaryDirectory() as folder:
            picture = np.full((60, 90, 3), 120, np.uint8)
            cv2.imwrite(os.path.join(folder, 'cat.jpg'), picture)
            predictor = Predictor(from_safetensors(SHIPPED), 96)
            sheet = contact_sheet.sheet(folder, predictor)
        rows = len(contact_sheet.PROMPTS['cat.jpg'])
        self.assertEqual(sheet.shape, (rows * (contact_sheet.HEIGHT + 4), 5 * 270, 3))

    def test_an_empty_folder_is_refused(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(SystemExit):
            contact_sheet.sheet(folder, None)
