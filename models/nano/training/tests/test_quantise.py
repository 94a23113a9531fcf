import os
import tempfile
import unittest

import numpy as np
import torch

import export
import safetensors_file
from predictor import Predictor
from quantise import channel_axes, dequantised, quantise, quantised_tensors
from tests.test_weights import LAST
from weights import from_checkpoint, from_safetensors


class Rounding(unittest.TestCase):
    def test_no_value_is_off_by_more_than_half_a_step_where_nothing_is_clipped(self):
        rng = np.random.default_rng(0)
        values = (
            rng.uniform(-1, 1, (8, 5, 3, 3)).astype(np.float32)
            * np.arange(1, 9)[:, None, None, None]
        )
        numbers, scale = quantise(values, 0)
        self.assertEqual((numbers.dtype, scale.shape), (np.dtype(np.int8), (8,)))
        step = scale[:, None, None, None]
        off = np.abs(numbers * step - values)
        kept = np.abs(values) <= 127 * step
        self.assertTrue(
            (off[kept] <= step.repeat(5, 1).repeat(3, 2).repeat(3, 3)[kept] * 0.5001).all()
        )
        self.assertTrue((np.diff(scale) > 0).all())

    def test_an_outlier_is_clipped_when_that_costs_less(self):
        values = np.random.default_rng(1).normal(0, 1, (1, 4000)).astype(np.float32)
        values[0, 0] = 6.5
        numbers, scale = quantise(values, 0)
        plain = np.float32(6.5 / 127)
        self.assertLess(scale[0], plain)
        best = ((numbers * scale[0] - values) ** 2).sum()
        self.assertLess(best, ((np.rint(values / plain) * plain - values) ** 2).sum())

    def test_channels_may_lie_along_another_axis(self):
        values = np.random.default_rng(2).normal(0, 1, (3, 4, 2, 2)).astype(np.float32)
        values *= np.array([1, 10, 100, 0])[None, :, None, None]
        numbers, scale = quantise(values, 1)
        np.testing.assert_allclose(numbers * scale[None, :, None, None], values, atol=0.02 * 100)
        self.assertTrue((numbers[:, 3] == 0).all())


class File(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model, step = from_checkpoint(LAST)
        cls.half = export.half_tensors(cls.model)
        tensors, axes = quantised_tensors(cls.model, cls.half)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = os.path.join(folder.name, 'nano-int8.safetensors')
        safetensors_file.save(cls.path, tensors, {'step': step, **axes})

    def test_it_has_at_most_three_megabytes_and_every_tensor(self):
        self.assertLess(os.path.getsize(self.path), 3_000_000)
        values = dequantised(*safetensors_file.load_with_metadata(self.path))
        self.assertEqual(set(values), set(self.half))
        for name, value in values.items():
            self.assertEqual(value.shape, self.half[name].shape)

    def test_transposed_convolutions_have_a_scale_per_output(self):
        axes = channel_axes(self.model)
        self.assertEqual(axes['decoder.up1.weight'], 1)
        tensors = safetensors_file.load(self.path)
        self.assertEqual(tensors['decoder.up1.weight.scale'].shape, (64,))

    def test_masks_stay_nearly_the_same(self):
        rng = np.random.default_rng(3)
        picture = np.full((96, 128, 3), 90, np.uint8)
        picture[20:70, 30:90] = (200, 60, 40)
        picture = np.clip(picture + rng.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)
        answers = []
        for model in (self.model, from_safetensors(self.path)):
            predictor = Predictor(model, 128)
            predictor.set_image(picture)
            logits, _ = predictor.predict([(60, 45)], [1])
            answers.append(logits)
        agree = (answers[0] > 0) == (answers[1] > 0)
        self.assertGreater(agree.float().mean().item(), 0.98)
        self.assertGreater(torch.corrcoef(torch.stack(answers).flatten(1))[0, 1].item(), 0.99)
