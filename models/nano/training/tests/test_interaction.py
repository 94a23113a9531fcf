import unittest
from unittest import mock

import torch

import interaction
from network.config import EXCLUDE, INCLUDE, PADDING


def square(start, end, size=16):
    mask = torch.zeros(1, size, size)
    mask[:, start:end, start:end] = 1
    return mask


class Losses(unittest.TestCase):
    def test_a_sure_and_right_mask_costs_nothing(self):
        target = square(4, 12)
        logits = torch.where(target > 0, 30.0, -30.0)[:, None].expand(1, 4, 16, 16)
        mask_loss, quality_loss, iou = interaction.losses(logits, torch.ones(1, 4), target)
        torch.testing.assert_close(iou, torch.ones(1, 4))
        torch.testing.assert_close(quality_loss, torch.zeros(1, 4))
        # What remains is rounding in the sums of the dice term.
        torch.testing.assert_close(mask_loss, torch.zeros(1, 4), atol=1e-5, rtol=0)

    def test_iou_of_half_a_mask(self):
        target, answer = square(0, 8), square(0, 8)
        answer[:, :4] = 0
        logits = torch.where(answer > 0, 9.0, -9.0)[:, None].expand(1, 4, 16, 16)
        _, _, iou = interaction.losses(logits, torch.ones(1, 4), target)
        torch.testing.assert_close(iou, torch.full((1, 4), 0.5))


class Clicks(unittest.TestCase):
    def test_points_lie_where_the_weight_is(self):
        weight = square(3, 5).expand(64, 16, 16)
        points, found = interaction.draw(weight, 64)
        self.assertTrue(found.all())
        self.assertTrue(((points >= 12) & (points < 20)).all())

    def test_points_stay_inside_when_the_random_number_rounds_up(self):
        weight = torch.zeros(8, 96, 96)
        weight[:, 95, 95] = 1
        almost_one = 1 - 2**-24
        with mock.patch('torch.rand_like', lambda t: torch.full_like(t, almost_one)):
            points, _ = interaction.draw(weight, 384)
        self.assertEqual(points.max().item(), 383)

    def test_no_weight_is_reported(self):
        _, found = interaction.draw(torch.zeros(2, 16, 16), 64)
        self.assertFalse(found.any())

    def test_corrections_include_what_is_missed_and_exclude_what_is_too_much(self):
        truth = square(4, 12)
        nothing, everything = -torch.ones(1, 16, 16), torch.ones(1, 16, 16)
        points, labels = torch.zeros(1, 0, 2), torch.zeros(1, 0, dtype=torch.long)
        for shown, wanted in (
            (nothing, INCLUDE),
            (everything, EXCLUDE),
            (truth * 2 - 1, PADDING),
        ):
            _, found = interaction._correct(shown, truth, points, labels, 64)
            self.assertEqual(found.tolist(), [[wanted]])

    def test_first_prompts_have_a_click_a_box_or_both(self):
        torch.manual_seed(0)
        count = 400
        target = square(4, 12).expand(count, 16, 16)
        boxes = torch.tensor([[16.0, 16, 47, 47]]).expand(count, 4)
        _, labels = interaction._first_prompt(target, boxes, 64)
        with_box, with_click = labels[:, 0] == 2, labels[:, 2] == INCLUDE
        self.assertTrue((with_box | with_click).all())
        # Three standard deviations of 400 draws are 0.07 and 0.04.
        self.assertAlmostEqual(with_box.float().mean().item(), 0.3, delta=0.07)
        self.assertAlmostEqual((with_box & with_click).float().mean().item(), 0.06, delta=0.04)


class Sums(unittest.TestCase):
    def test_means_of_what_was_chosen(self):
        statistics = interaction.Statistics()
        statistics.add('a', torch.tensor([1.0, 5.0]), torch.tensor([True, False]))
        statistics.add('a', torch.tensor([2.0, 3.0]))
        statistics.add('b', torch.tensor([1.0]), torch.tensor([False]))
        self.assertEqual(statistics.means(), {'a': 2.0})
