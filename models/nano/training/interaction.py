"""The simulated user, and the loss of what the model answers.

A prompt starts with a click, a box or both; correction clicks are then drawn from where the answer
is wrong, with its logits fed back as mask input.
"""

import torch
import torch.nn.functional as F

from lessons import PLAIN, draw, edge_weights, first_prompt, interior, regret, under
from network.config import PADDING

LOGIT_LIMIT = 15.0  # of logits that are fed back


def losses(logits, quality, target, edge=0.0):
    """Per output: mask loss, error of the predicted IoU (with sign), the IoU itself; all [p, 4].

    logits [p, 4, h, w], quality [p, 4], target [p, h, w] (coverage 0..1). The mask loss is
    10 x focal (gamma 1.5) + dice, both with soft targets. edge: see `Lessons`.
    """
    t = target[:, None]
    p = logits.sigmoid()
    entropy = F.binary_cross_entropy_with_logits(logits, t.expand_as(logits), reduction='none')
    focal = entropy * (p - t).abs() ** 1.5
    if edge:
        focal = focal * edge_weights(target, edge)[:, None]
    focal = focal.mean((-1, -2))
    overlap = 2 * (p * t).sum((-1, -2)) + 1
    dice = 1 - overlap / ((p * p).sum((-1, -2)) + (t * t).sum((-1, -2)) + 1)
    with torch.no_grad():
        a, b = logits > 0, t > 0.5
        iou = (a & b).sum((-1, -2)).float() / (a | b).sum((-1, -2)).clamp(min=1).float()
    return 10 * focal + dice, quality - iou, iou


def enlarged(logits):
    """Logits at half their stride, between the cells linear, as masks are made of them."""
    return F.interpolate(logits, scale_factor=2, mode='bilinear', align_corners=False)


def _shown(logits, quality, ambiguous):
    """The logits [p, h, w] that the user sees and corrects: output 0, or the best candidate."""
    best = quality[:, 1:].argmax(1)[:, None, None, None]
    candidate = logits[:, 1:].gather(1, best.expand(-1, 1, *logits.shape[2:]))[:, 0]
    alternative = ambiguous & (torch.rand(len(ambiguous), device=logits.device) < 0.5)
    return torch.where(alternative[:, None, None], candidate, logits[:, 0])


def _correct(shown, target, points, labels, side):
    """Adds one click where the shown mask is wrong; none where it is right."""
    answer, truth = (shown > 0).float(), (target > 0.5).float()
    missed, wrong = truth * (1 - answer), answer * (1 - truth)
    weight = interior(missed, 3, 1.0) + interior(wrong, 3, 1.0) + 1e-3 * (missed + wrong)
    click, found = draw(weight**1.5, side)
    label = under(truth, click).long()  # 1 includes, 0 excludes
    label = label.masked_fill(~found, PADDING)
    click = torch.where(found[:, None], click, torch.zeros_like(click))
    return torch.cat([points, click[:, None]], 1), torch.cat([labels, label[:, None]], 1)


class Statistics:
    """Sums of training figures that stay on the device until somebody reads them."""

    def __init__(self):
        self.sums = {}

    def add(self, name, values, chosen=None):
        """Adds values [n], or those of them that `chosen` [n] picks."""
        values = values.detach().float()
        chosen = torch.ones_like(values) if chosen is None else chosen.float()
        pair = torch.stack([(values * chosen).sum(), chosen.sum()])
        self.sums[name] = self.sums[name] + pair if name in self.sums else pair

    def means(self):
        """Mean per name; what was never counted is left out."""
        pairs = {name: pair.tolist() for name, pair in self.sums.items()}
        return {name: total / n for name, (total, n) in sorted(pairs.items()) if n}


def simulate(model, features, index, target, boxes, side, rounds, statistics, lessons=PLAIN):
    """Plays `rounds` rounds for every prompt and returns the mean loss.

    features: of the pictures; index [p]: the picture of each prompt; target [p, side/4, side/4], or
    [p, side/2, side/2] where the lessons are fine; boxes [p, 4].
    Statistics (IoU, at the stride of the targets): click1.best, click1.predicted and click1.single
    after one click, box after a box, correction<n> after n corrections; score.error.
    """
    truth = target
    if lessons.fine:
        target = F.avg_pool2d(truth[:, None], 2)[:, 0]
    points, labels = first_prompt(target, boxes, side, lessons)
    total, previous = 0.0, None
    for round_ in range(rounds):
        logits, quality = model.decode(features, index, points, labels, previous, side)
        judged = enlarged(logits) if lessons.fine else logits
        mask_loss, off, iou = losses(judged, quality, truth, lessons.edge)
        best, single = mask_loss[:, 1:].min(1)[0], mask_loss[:, 0]
        ambiguous = (labels >= 0).sum(1) == 1  # one click may mean the part or the whole
        # Each candidate finds its own reading when only the best one learns; a little to the
        # others keeps all of them alive.
        loss = torch.where(
            ambiguous,
            best + 0.05 * mask_loss[:, 1:].mean(1) + 0.6 * single,
            single + 0.25 * best,
        )
        # The least square is at the mean of what may be, the least difference at its middle.
        quality_loss = off.abs() if lessons.absolute else off**2
        loss = loss + lessons.score * quality_loss.mean(1)
        if lessons.choice:
            loss = loss + lessons.choice * regret(quality, iou)
        total = total + loss.mean() / rounds
        with torch.no_grad():
            if round_ == 0:
                statistics.add('click1.best', iou[:, 1:].max(1)[0], ambiguous)
                predicted = iou[:, 1:].gather(1, quality[:, 1:].argmax(1, True))[:, 0]
                statistics.add('click1.predicted', predicted, ambiguous)
                statistics.add('click1.single', iou[:, 0], ambiguous)
                statistics.add('score.error', off.abs().mean(1))
                statistics.add('box', iou[:, 0], ~ambiguous)
            else:
                statistics.add('correction%d' % round_, iou[:, 0])
            if round_ + 1 < rounds:
                shown = _shown(logits, quality, ambiguous)
                previous = shown[:, None].clamp(-LOGIT_LIMIT, LOGIT_LIMIT)
                points, labels = _correct(shown, target, points, labels, side)
    return total
