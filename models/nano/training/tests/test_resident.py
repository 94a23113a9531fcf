import os
import tempfile
import unittest

import numpy as np
import torch

from lessons import Lessons
from resident import (
    Draws,
    ResidentPool,
    choose,
    draw_batch,
    extents,
    flood,
    one_piece,
    recoloured,
    resident_batches,
)
from samples import candidates
from shards import save_shard
from tests.test_samples import make_tiny_pool

CPU = torch.device('cpu')


def mean_size(boxes):
    return (boxes[..., 2:] - boxes[..., :2] + 1).float().mean().item()


class Batches(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        make_tiny_pool(self.folder)
        self.pool = ResidentPool(self.folder, 6, CPU)
        self.pool.look()

    def test_shapes_and_boxes_are_those_of_the_loader(self):
        for side in (64, 96):
            pictures, targets, boxes = draw_batch(self.pool, Draws(1, CPU), side, 5, 3)
            self.assertEqual((pictures.shape, pictures.dtype), ((5, side, side, 3), torch.uint8))
            self.assertEqual(targets.shape, (5, 3, side // 4, side // 4))
            self.assertEqual(boxes.shape, (5, 3, 4))
            cells = torch.nn.functional.interpolate(targets.float(), scale_factor=4)
            found = extents((cells > 0).flatten(0, 1)).view(5, 3, 4)
            self.assertTrue((found[..., :2] <= boxes[..., :2]).all())
            self.assertTrue((found[..., 2:] >= boxes[..., 2:]).all())
            self.assertTrue(((found - boxes).abs() <= 3).all())

    def test_fine_targets_are_the_coarse_ones_at_twice_the_grid(self):
        coarse = draw_batch(self.pool, Draws(4, CPU), 64, 3, 2)[1].float()
        fine = draw_batch(self.pool, Draws(4, CPU), 64, 3, 2, Lessons(fine=True))[1].float()
        self.assertEqual(fine.shape, (3, 2, 32, 32))
        # Both are rounded to whole numbers.
        self.assertLess((torch.nn.functional.avg_pool2d(fine, 2) - coarse).abs().max(), 1.01)

    def test_an_object_is_where_the_picture_shows_it(self):
        """On a scene of one flat colour per object, cells of a target share a colour."""
        labels = np.full((1, 3, 96, 96), 1, np.uint8)
        labels[:, :, 20:70, 10:50] = 40
        pictures = np.where(labels[0, 0, ..., None] == 40, np.uint8([250, 10, 10]), np.uint8(60))
        with tempfile.TemporaryDirectory() as folder:
            save_shard(os.path.join(folder, 's'), pictures[None], labels)
            pool = ResidentPool(folder, 1, CPU)
            pool.look()
            red = 0
            for seed in range(6):
                picture, targets, _ = draw_batch(pool, Draws(seed, CPU), 96, 4, 2)
                tone = picture.float().view(4, 24, 4, 24, 4, 3).mean((2, 4))
                for b in range(4):
                    for target in targets[b]:
                        within = tone[b][target == 255]
                        if len(within) > 8:
                            # Noise is averaged over 16 pixels, blur reaches the outer cells.
                            self.assertLess(within.median(0)[0].sub(within).abs().median(), 12)
                            red += 1
            self.assertGreater(red, 20)

    def test_a_seed_names_a_stream(self):
        one, two, other = (
            next(resident_batches(self.pool, 64, 2, 2, seed)) for seed in ((1, 2), (1, 2), (2, 1))
        )
        for a, b in zip(one, two):
            self.assertTrue(torch.equal(a, b))
        self.assertFalse(torch.equal(one[0], other[0]))

    def test_new_shards_replace_the_oldest_scenes(self):
        self.assertEqual(self.pool.filled, 4)
        kept = self.pool.pictures[2].clone()
        pictures = np.full((4, 96, 96, 3), 7, np.uint8)
        labels = np.ones((4, 3, 96, 96), np.uint8)
        save_shard(os.path.join(self.folder, 'shard_9_0'), pictures, labels)
        self.pool.look()
        self.assertEqual(self.pool.filled, 6)
        for slot, value in ((0, 7), (1, 7), (4, 7), (5, 7)):
            self.assertTrue((self.pool.pictures[slot] == value).all())
        self.assertTrue(torch.equal(self.pool.pictures[2], kept))

    def test_an_empty_pool_says_what_to_do(self):
        with (
            tempfile.TemporaryDirectory() as empty,
            self.assertRaisesRegex(FileNotFoundError, 'make_pool.py'),
        ):
            ResidentPool(empty, 4, CPU).look()


class Regions(unittest.TestCase):
    def maps(self, *ids):
        """Three equal levels; each id fills its share of the rows."""
        rows = torch.cat([torch.full((round(40 * share),), i) for i, share in ids])
        return rows[None, None, :, None].expand(1, 3, 40, 40)

    def test_regions_of_useful_size_are_chosen_without_repetition(self):
        maps = self.maps((1, 0.85), (33, 0.1), (34, 0.05))
        inside = torch.ones(1, 40, 40, dtype=torch.bool)
        for seed in range(20):
            level, region = choose(Draws(seed, CPU), maps, inside, 6)
            pairs = set(zip(level[0].tolist(), region[0].tolist()))
            self.assertEqual(pairs, {(k, i) for k in range(3) for i in (33, 34)})

    def test_objects_are_preferred_as_the_loader_prefers_them(self):
        maps = self.maps((33, 0.5), (34, 0.5)).expand(3000, 3, 40, 40)[:, :, ::4, ::4]
        inside = torch.ones(3000, 10, 10, dtype=torch.bool)
        level, _ = choose(Draws(0, CPU), maps, inside, 1)
        share = torch.bincount(level.flatten(), minlength=3) / 3000
        for got, weight in zip(share.tolist(), (0.3, 1.0, 0.12)):
            self.assertAlmostEqual(got, weight / 1.42, delta=0.03)

    def test_thin_regions_are_asked_for_more_often_when_that_is_taught(self):
        maps = torch.ones(3000, 3, 24, 24, dtype=torch.long)
        maps[:, :, 2:8, 2:8], maps[:, :, 20:22, 3:21] = 40, 41  # 36 pixels each
        inside = torch.ones(3000, 24, 24, dtype=torch.bool)
        taught = Lessons(largest=0.5, thin=2.0)
        # The strip ends at 40 pixel sides: 40 / 6 = 6.67, a third of the way from 4 to 12.
        for lessons, ratio in ((Lessons(largest=0.5), 1.0), (taught, 1 + 2 / 3)):
            _, region = choose(Draws(0, CPU), maps, inside, 1, lessons)
            strip, square = (region == 41).sum().item(), (region == 40).sum().item()
            self.assertEqual(strip + square, 3000)
            self.assertAlmostEqual(strip / 3000, ratio / (1 + ratio), delta=0.03)
            # The loader's own count is the same.
            regions, chance = candidates([m.numpy().astype(np.uint8) for m in maps[0]], lessons)
            share = sum(c for (_, i), c in zip(regions, chance) if i == 41)
            self.assertAlmostEqual(share, ratio / (1 + ratio), places=6)

    def test_what_fills_the_crop_is_taken_where_there_is_nothing_else(self):
        maps = self.maps((1, 1.0))
        inside = torch.ones(1, 40, 40, dtype=torch.bool)
        _, region = choose(Draws(0, CPU), maps, inside, 3)
        self.assertEqual(region.tolist(), [[1, 1, 1]])

    def test_a_flood_stays_in_its_piece(self):
        mask = torch.zeros(1, 1, 24, 24)
        mask[..., 2:20, 3] = mask[..., 19, 3:12] = mask[..., 5:9, 15:20] = 1
        seed = torch.zeros_like(mask)
        seed[..., 2, 3] = 1
        reached = flood(seed, mask)
        self.assertEqual(reached.sum().item(), 18 + 8)
        self.assertEqual(reached[..., 15:].sum().item(), 0)

    def test_parts_lose_other_pieces_more_often_than_objects(self):
        cover = torch.zeros(2000, 24, 24)
        cover[:, 2:12, 2:12] = cover[:, 15:22, 15:22] = 1
        for whole, share in ((False, 0.7), (True, 0.2)):
            kept = one_piece(Draws(0, CPU), cover, torch.full((2000,), whole))
            both = ((kept * cover).sum((1, 2)) == 149).float().mean().item()
            self.assertAlmostEqual(1 - both, share, delta=0.04)
            first = ((kept * cover).sum((1, 2)) == 100).float().mean().item()
            self.assertAlmostEqual(first, share * 100 / 149, delta=0.04)


class Colours(unittest.TestCase):
    def test_pictures_change_but_stay_in_range(self):
        x = torch.rand(12, 3, 40, 40)
        y = recoloured(Draws(0, CPU), x)
        self.assertEqual(y.shape, x.shape)
        self.assertTrue(((y >= 0) & (y <= 1)).all())
        self.assertTrue(((x - y).abs().mean((1, 2, 3)) > 0.004).float().mean() > 0.8)
