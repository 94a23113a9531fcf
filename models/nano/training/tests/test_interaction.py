import unittest
from unittest import mock

import torch

import interaction
import lessons
from network.config import BOX_START, EXCLUDE, INCLUDE, PADDING


def square(start, end, size=16):
    mask = torch.zeros(1, size, size)
    mask[:, start:end, start:end] = 1
    return mask


class Losses(unittest.TestCase):
    def test_a_sure_and_right_mask_costs_nothing(self):
        target = square(4, 12)
        logits = torch.where(target > 0, 30.0, -30.0)[:, None].expand(1, 4, 16, 16)
        mask_loss, off, iou = interaction.losses(logits, torch.ones(1, 4), target)
        torch.testing.assert_close(iou, torch.ones(1, 4))
        torch.testing.assert_close(off, torch.zeros(1, 4))
        # What remains is rounding in the sums of the dice term.
        torch.testing.assert_close(mask_loss, torch.zeros(1, 4), atol=1e-5, rtol=0)

    def test_iou_of_half_a_mask(self):
        target, answer = square(0, 8), square(0, 8)
        answer[:, :4] = 0
        logits = torch.where(answer > 0, 9.0, -9.0)[:, None].expand(1, 4, 16, 16)
        _, _, iou = interaction.losses(logits, torch.ones(1, 4), target)
        torch.testing.assert_close(iou, torch.full((1, 4), 0.5))


class Fine(unittest.TestCase):
    def test_masks_are_judged_where_they_cross_between_cells(self):
        # At stride 2 the left half ends in the middle of a cell of stride 4.
        truth = torch.zeros(1, 32, 32)
        truth[:, :, :15] = 1
        x = torch.arange(16).float()
        sharp = torch.where(x < 7.5, 6.0, -6.0)
        sloped = (7 - x) * 12  # its zero lies between the fine cells 14 and 15
        losses = [
            interaction.losses(
                interaction.enlarged(line.expand(1, 4, 16, 16)), torch.ones(1, 4), truth
            )
            for line in (sharp, sloped)
        ]
        self.assertLess(losses[1][0].max(), losses[0][0].min())
        self.assertEqual(losses[1][2].min().item(), 1)


class Clicks(unittest.TestCase):
    def test_points_lie_where_the_weight_is(self):
        weight = square(3, 5).expand(64, 16, 16)
        points, found = lessons.draw(weight, 64)
        self.assertTrue(found.all())
        self.assertTrue(((points >= 12) & (points < 20)).all())

    def test_points_stay_inside_when_the_random_number_rounds_up(self):
        weight = torch.zeros(8, 96, 96)
        weight[:, 95, 95] = 1
        almost_one = 1 - 2**-24
        with mock.patch('torch.rand_like', lambda t: torch.full_like(t, almost_one)):
            points, _ = lessons.draw(weight, 384)
        self.assertEqual(points.max().item(), 383)

    def test_no_weight_is_reported(self):
        _, found = lessons.draw(torch.zeros(2, 16, 16), 64)
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
        _, labels = lessons.first_prompt(target, boxes, 64, lessons.PLAIN)
        with_box, with_click = labels[:, 0] == 2, labels[:, 2] == INCLUDE
        self.assertTrue((with_box | with_click).all())
        # Three standard deviations of 400 draws are 0.07 and 0.04.
        self.assertAlmostEqual(with_box.float().mean().item(), 0.3, delta=0.07)
        self.assertAlmostEqual((with_box & with_click).float().mean().item(), 0.06, delta=0.04)


class Lessons(unittest.TestCase):
    def prompts(self, chosen, count=600):
        torch.manual_seed(0)
        target = square(4, 12).expand(count, 16, 16)
        boxes = torch.tensor([[16.0, 16, 47, 47]]).expand(count, 4)
        points, labels = lessons.first_prompt(target, boxes, 64, chosen)
        return points, labels, target

    def test_varied_clicks_reach_the_rim_and_still_hit(self):
        target = square(3, 21, 24).expand(400, 24, 24)
        rim = []
        for chosen in (lessons.PLAIN, lessons.Lessons(varied_clicks=True)):
            shares = []
            for seed in range(10):  # a step chooses how far inside all of its clicks are
                torch.manual_seed(seed)
                clicks, found = lessons._click(target, 96, chosen)
                self.assertTrue(found.all())
                cell = (clicks / 4).long()
                self.assertTrue((target[0][cell[:, 1], cell[:, 0]] > 0).all())
                shares.append(((cell == 3) | (cell == 20)).any(1).float().mean().item())
            rim.append(sum(shares) / 10)
        self.assertGreater(rim[1], 1.2 * rim[0])

    def test_varied_boxes_are_wider_on_average_and_some_are_tight(self):
        tight = torch.tensor([16.0, 16, 47, 47])
        sizes = {}
        for chosen in (lessons.PLAIN, lessons.Lessons(varied_boxes=True)):
            points, labels, _ = self.prompts(chosen)
            box = points[:, :2].flatten(1)[labels[:, 0] == BOX_START]
            self.assertTrue(((box >= 0) & (box <= 63)).all())
            self.assertGreater((box == tight).all(1).float().mean().item(), 0.1)
            sizes[chosen.varied_boxes] = (box[:, 2] - box[:, 0]).mean().item()
        self.assertGreater(sizes[True], sizes[False] + 1)

    def test_more_clicks_are_strokes_within_or_exclusions_without(self):
        points, labels, target = self.prompts(lessons.Lessons(more_clicks=1.0))
        self.assertEqual(points.shape[1], 3 + lessons.EXTRA_CLICKS)
        for label, inside in ((INCLUDE, True), (EXCLUDE, False)):
            cell = (points[:, 3:][labels[:, 3:] == label] / 4).long()
            self.assertGreater(len(cell), 100)
            self.assertTrue(((target[0][cell[:, 1], cell[:, 0]] > 0) == inside).all())
        # A prompt never both strokes and excludes, and its first click stays the first.
        extra = labels[:, 3:]
        self.assertFalse(((extra == INCLUDE).any(1) & (extra == EXCLUDE).any(1)).any())

    def test_cells_at_the_outline_count_more_and_the_mean_stays(self):
        weight = lessons.edge_weights(square(4, 12), 2.0)
        self.assertAlmostEqual(weight.mean().item(), 1, places=5)
        self.assertAlmostEqual((weight[0, 4, 8] / weight[0, 0, 0]).item(), 3, places=5)

    def test_regret_is_what_the_choice_loses_and_pushes_the_scores(self):
        iou = torch.tensor([[0.2, 0.9, 0.5, 0.1]])
        right = torch.tensor([[0.0, 1.0, 0.0, 0.0]])
        self.assertLess(lessons.regret(right, iou).item(), 1e-6)
        wrong = torch.tensor([[0.6, 0.4, 0.0, 0.0]], requires_grad=True)
        cost = lessons.regret(wrong, iou)
        self.assertAlmostEqual(cost.item(), 0.7, delta=0.03)
        cost.backward()
        self.assertGreater(wrong.grad[0, 0].item(), 0)
        self.assertLess(wrong.grad[0, 1].item(), 0)


class Sums(unittest.TestCase):
    def test_means_of_what_was_chosen(self):
        statistics = interaction.Statistics()
        statistics.add('a', torch.tensor([1.0, 5.0]), torch.tensor([True, False]))
        statistics.add('a', torch.tensor([2.0, 3.0]))
        statistics.add('b', torch.tensor([1.0]), torch.tensor([False]))
        self.assertEqual(statistics.means(), {'a': 2.0})
