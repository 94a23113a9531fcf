import json
import os
import tempfile
import unittest

import numpy as np
from PIL import Image

import export
import safetensors_file
from predictor import Predictor
from quantise import quantised_tensors
from weights import from_checkpoint, from_safetensors

PACKAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
SHIPPED = os.path.join(PACKAGE, 'weights', 'nano.safetensors')
LAST = os.path.join(PACKAGE, 'training', 'resume', 'last.pt')


class ShippedWeights(unittest.TestCase):
    def test_they_are_the_export_of_the_checkpoint(self):
        model, step = from_checkpoint(LAST)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'nano.safetensors')
            tensors, axes = quantised_tensors(model, export.half_tensors(model))
            metadata = {'format': 'pt', 'model': 'nano', 'step': step, **axes}
            safetensors_file.save(path, tensors, metadata)
            with open(path, 'rb') as made, open(SHIPPED, 'rb') as shipped:
                self.assertEqual(made.read(), shipped.read())

    def test_they_give_the_golden_values(self):
        fixtures = os.path.join(PACKAGE, 'fixtures')
        golden = safetensors_file.load(os.path.join(fixtures, 'golden.safetensors'))
        with open(os.path.join(fixtures, 'golden.json')) as file:
            description = json.load(file)
        predictor = Predictor(from_safetensors(SHIPPED), description['size'])
        for number, image in enumerate(description['images']):
            predictor.set_image(np.array(Image.open(os.path.join(fixtures, image['file']))))
            previous = None
            for prompt in image['prompts']:
                given = previous if prompt['mask'] else None
                logits, quality = predictor.predict(
                    prompt['points'], prompt['labels'], prompt['box'], given
                )
                if prompt['name'] == 'click':
                    previous = logits[1 + int(quality[1:].argmax())]
                name = 'image%d.%s' % (number, prompt['name'])
                # Float32 on another CPU or version of torch; logits reach 25.
                np.testing.assert_allclose(logits, golden[name + '.logits'], rtol=0, atol=2e-3)
                np.testing.assert_allclose(quality, golden[name + '.iou'], rtol=0, atol=1e-4)


class SafetensorsFile(unittest.TestCase):
    def test_what_is_written_is_read(self):
        values = {
            'half': np.arange(6, dtype=np.float16).reshape(2, 3),
            'transposed': np.arange(6, dtype=np.float32).reshape(2, 3).T,
            'scalar': np.array(7, np.int64),
        }
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'x.safetensors')
            safetensors_file.save(path, values, {'step': 3})
            read = safetensors_file.load(path)
            self.assertEqual(os.listdir(folder), ['x.safetensors'])
        self.assertEqual(list(read), list(values))
        for name, value in values.items():
            np.testing.assert_array_equal(read[name], value)
