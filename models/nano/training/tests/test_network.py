import unittest

import torch
import torch.nn.functional as F

from network import Nano, fold_batch_norms
from network.layers import attend
from network.prompts import fourier, guide_maps


def count(module):
    return sum(p.numel() for p in module.parameters())


class Network(unittest.TestCase):
    def test_size_and_shapes(self):
        model = fold_batch_norms(Nano().eval())
        self.assertEqual(count(model.encoder), 1_917_784)
        self.assertEqual(count(model.decoder), 675_316)
        features = model.encode(torch.zeros(2, 3, 64, 96))
        self.assertEqual(
            [tuple(f.shape) for f in features], [(2, 24, 128), (2, 96, 64), (2, 384, 24)]
        )

    def test_folding_changes_nothing_but_rounding(self):
        torch.manual_seed(0)
        model = Nano()
        model.encode(torch.randn(4, 3, 64, 64))  # gives the batch norms some statistics
        model.eval()
        picture = torch.randn(1, 3, 64, 64)
        with torch.no_grad():
            before = model.encode(picture)
            after = fold_batch_norms(model).encode(picture)
        for a, b in zip(before, after):
            # Float32 through about twenty layers whose outputs are of the order of one.
            torch.testing.assert_close(a, b, atol=1e-4, rtol=1e-4)

    def test_prompts_of_a_batch_do_not_see_each_other(self):
        torch.manual_seed(0)
        model = fold_batch_norms(Nano().eval())
        points = torch.tensor([[[5.0, 9], [40, 50]], [[30, 7], [0, 0]]])
        labels = torch.tensor([[2, 3], [1, -1]])
        with torch.no_grad():
            features = model.encode(torch.randn(2, 3, 64, 64))
            both, _ = model.decode(features, torch.tensor([1, 0]), points, labels, None, 64)
            second = [f[:1] for f in features]
            alone, _ = model.decode(second, torch.tensor([0]), points[1:], labels[1:], None, 64)
        # Other batch sizes may take other kernels; logits are of the order of one.
        torch.testing.assert_close(both[1:], alone, atol=1e-4, rtol=1e-4)

    def test_positions_stay_exact_under_autocast(self):
        position, frequencies = torch.rand(50, 2), torch.randn(2, 8)
        exact = fourier(position, frequencies)
        with torch.autocast('cpu', dtype=torch.bfloat16):
            torch.testing.assert_close(fourier(position, frequencies), exact, atol=0, rtol=0)

    @unittest.skipIf(torch.__version__.startswith('1.'), 'torch 1 has no fused attention')
    def test_the_fused_attention_of_a_gpu_is_the_same_function(self):
        torch.manual_seed(0)
        q, k, v = (torch.randn(2, 4, 30, 48) for _ in range(3))
        fused = F.scaled_dot_product_attention(q, k, v)
        torch.testing.assert_close(fused, attend(q, k, v), atol=1e-5, rtol=1e-5)


class GuideMaps(unittest.TestCase):
    def test_clicks_and_box_are_drawn_where_they_are(self):
        points = torch.tensor([[[8.0, 16], [23, 31], [42, 10], [2, 50]]])
        maps = guide_maps(points, torch.tensor([[2, 3, 1, 0]]), 64)[0]
        self.assertEqual(maps.shape, (3, 16, 16))
        include, exclude, box = maps
        self.assertEqual(divmod(int(include.argmax()), 16), (2, 10))
        self.assertEqual(divmod(int(exclude.argmax()), 16), (12, 0))
        rows, columns = box.nonzero().unbind(1)
        self.assertEqual((rows.min(), rows.max()), (4, 7))
        self.assertEqual((columns.min(), columns.max()), (2, 5))

    def test_padding_draws_nothing(self):
        maps = guide_maps(torch.zeros(1, 3, 2), torch.full((1, 3), -1), 64)
        self.assertEqual(maps.abs().sum().item(), 0)
