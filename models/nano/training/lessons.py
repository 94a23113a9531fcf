"""What the decoder is taught beyond the plain course: each lesson can be switched on by itself.

The plain course (`PLAIN`) is that of the first delivered weights: clicks well inside, boxes that
are nearly tight, one click or one box to begin with.
"""

import argparse
import dataclasses

import torch
import torch.nn.functional as F

from network.config import BOX_END, BOX_START, EXCLUDE, FINE_STRIDE, INCLUDE, PADDING

BOX_SHARE = 0.3  # of prompts that start with a box
BOTH_SHARE = 0.06  # of prompts that start with a box and a click
EXTRA_CLICKS = 3  # slots of a prompt that begins with several clicks
RING = 7  # cells about an object from which clicks on its neighbours are drawn


@dataclasses.dataclass(frozen=True)
class Lessons:
    """Zero or False switches a lesson off."""

    varied_clicks: bool = False  # a fifth anywhere in the object, the rim included; some miss a bit
    varied_boxes: bool = False  # a fifth tight, a third off by a tenth, some cut into the object
    more_clicks: float = 0.0  # share of steps that begin with strokes and clicks on neighbours
    choice: float = 0.0  # weight of the regret for choosing among the outputs by their scores
    edge: float = 0.0  # how much more the cells at an outline count
    score: float = 1.0  # weight of the error of the scores
    absolute: bool = False  # that error is the plain difference, not its square
    smallest: float = 0.004  # of a crop's area, for a region to be asked for
    largest: float = 0.8
    thin: float = 0.0  # how much more often thin regions are asked for than compact ones
    piece_of_thing: float = 0.2  # share of things in several pieces of which one is asked for
    piece_of_rest: float = 0.7  # the same of parts, regions and groups
    fine: bool = False  # masks are judged at stride 2, as enlarged between their cells

    @property
    def target_stride(self):
        """Pixels per cell of the targets that samples come with."""
        return FINE_STRIDE // 2 if self.fine else FINE_STRIDE


PLAIN = Lessons()
ALL = Lessons(
    varied_clicks=True,
    varied_boxes=True,
    more_clicks=0.35,
    choice=0.3,
    edge=2.0,
    score=2.0,
    smallest=0.0015,
    largest=0.97,
    thin=1.0,
    piece_of_thing=0.5,
    piece_of_rest=0.97,
    fine=True,
)


def add_options(parser):
    """Adds --lessons and one option per lesson."""
    parser.add_argument('--lessons', choices=('plain', 'all'), default='plain')
    for field in dataclasses.fields(Lessons):
        name = '--' + field.name.replace('_', '-')
        if isinstance(field.default, bool):
            parser.add_argument(name, action=argparse.BooleanOptionalAction, default=None)
        else:
            parser.add_argument(name, type=float)


def from_options(options):
    """The lessons of --lessons, with the single options over them."""
    chosen = {'plain': PLAIN, 'all': ALL}[options.lessons]
    given = {f.name: getattr(options, f.name) for f in dataclasses.fields(Lessons)}
    return dataclasses.replace(chosen, **{k: v for k, v in given.items() if v is not None})


def region_weights(share, border, lessons):
    """How often regions of one level are asked for; 0 for those of no useful size.

    share: of the crop's area; border: pixels at which a region ends, over the square root of its
    area (4 for a square). Tensors or arrays of one shape.
    """
    useful = (share > lessons.smallest) & (share < lessons.largest)
    weight = share**0.4 * useful
    if lessons.thin:
        weight = weight * (1 + lessons.thin * ((border - 4) / 8).clip(0, 1))
    return weight


def draw(weight, side):
    """One point per row, drawn by weight [p, h, w].

    -> pixels [p, 2], and whether a row had any weight, [p]
    """
    rows, height, width = weight.shape
    flat = weight.reshape(rows, -1)
    found = flat.sum(1) > 1e-6
    flat = torch.where(found[:, None], flat, torch.ones_like(flat))
    i = torch.multinomial(flat, 1)[:, 0]
    row = torch.div(i, width, rounding_mode='floor')
    cell = torch.stack([i % width, row], 1).float()
    point = ((cell + torch.rand_like(cell)) * (side / width)).floor()
    # A random number just below one can round up to the next cell: outside, for the last one.
    return point.clamp(max=side - 1), found


def under(values, points):
    """What of `values` [p, h, w], a value per cell, lies under one point per row, [p]."""
    cell = (points / FINE_STRIDE).long()
    rows = torch.arange(len(cell), device=cell.device)
    return values[rows, cell[:, 1], cell[:, 0]]


def interior(mask, size, power):
    """A weight [p, h, w] that prefers the inside of a region over its rim."""
    a = F.avg_pool2d(mask[:, None], size, 1, size // 2)[:, 0]
    b = F.avg_pool2d(a[:, None], size + 2, 1, size // 2 + 1)[:, 0]
    return (mask > 0.5).float() * (a * b) ** power


def _box(boxes, side, lessons):
    """Boxes as somebody draws them: off by about 4 % of their sides, or as varied as people are."""
    count, device = boxes.shape[0], boxes.device
    extent = (boxes[:, 2:] - boxes[:, :2]).clamp(min=4)
    noise = torch.randn(count, 4, device=device).clamp(-2, 2)
    u = torch.rand(count, 1, device=device)
    if lessons.varied_boxes:
        spread = torch.where(u < 0.2, 0.0, torch.where(u < 0.65, 0.04, 0.1))
        outwards = noise.abs() * noise.new_tensor([-1.0, -1, 1, 1])
        # Most people who are not exact draw round the object, not into it.
        noise = torch.where((u > 0.75), outwards, noise)
    else:
        spread = 0.04 * (u < 0.7)
    return (boxes + noise * spread * torch.cat([extent, extent], 1)).clamp(0, side - 1)


def _click(target, side, lessons):
    """The first click: mostly well inside."""
    power = 0.5 if torch.rand(()) < 0.4 else 3.0
    solid = (target > 0.5).float()
    weight = interior(target, 5, power)
    if lessons.varied_clicks:
        anywhere = torch.rand(len(target), 1, 1, device=target.device) < 0.2
        weight = torch.where(anywhere, solid, weight)
    click, found = draw(weight + 1e-3 * solid, side)
    if lessons.varied_clicks:
        # A hand that shakes: up to about 1 % of the picture, kept where it still hits the object.
        moved = click + torch.randn_like(click) * 0.006 * side
        moved = moved.round().clamp(0, side - 1)
        hits = under(target, moved) > 0.25
        click = torch.where(hits[:, None], moved, click)
    return click, found


def _extra_clicks(target, side, labels):
    """Clicks that a prompt begins with besides its first: a stroke, or what is not meant.

    -> points [p, EXTRA_CLICKS, 2], labels [p, EXTRA_CLICKS]
    """
    count, device = target.shape[0], target.device
    solid = (target > 0.5).float()
    grown = F.max_pool2d(solid[:, None], 2 * RING + 1, 1, RING)[:, 0]
    ring, outside = grown * (target < 0.05).float(), (target < 0.05).float()
    points, kinds = [], []
    u = torch.rand(count, device=device)
    for k in range(EXTRA_CLICKS):
        stroke = u < 0.5
        far = torch.rand(count, 1, 1, device=device) < 0.2
        weight = torch.where(
            stroke[:, None, None],
            interior(target, 3, 1.0) + 1e-3 * solid,
            torch.where(far, outside, ring),
        )
        click, found = draw(weight, side)
        used = found & (torch.rand(count, device=device) < 0.8 / (k + 1) ** 0.5)
        used &= (labels != PADDING).any(1)
        points.append(torch.where(used[:, None], click, torch.zeros_like(click)))
        kind = torch.where(stroke, INCLUDE, EXCLUDE)
        kinds.append(torch.where(used, kind, torch.full_like(kind, PADDING)))
    return torch.stack(points, 1), torch.stack(kinds, 1)


def first_prompt(target, boxes, side, lessons):
    """Slots 0 and 1 for a box, 2 for a click, perhaps more: points [p, n, 2], labels [p, n]."""
    count, device = target.shape[0], target.device
    u = torch.rand(count, device=device)
    with_box = u < BOX_SHARE
    with_click = ~with_box | (u < BOTH_SHARE)
    labels = torch.full((count, 3), PADDING, dtype=torch.long, device=device)
    points = torch.zeros(count, 3, 2, device=device)

    box = _box(boxes, side, lessons)
    points[:, 0] = torch.where(with_box[:, None], box[:, :2], points[:, 0])
    points[:, 1] = torch.where(with_box[:, None], box[:, 2:], points[:, 1])
    labels[:, 0].masked_fill_(with_box, BOX_START)
    labels[:, 1].masked_fill_(with_box, BOX_END)

    click, found = _click(target, side, lessons)
    with_click = with_click & found
    points[:, 2] = torch.where(with_click[:, None], click, points[:, 2])
    labels[:, 2].masked_fill_(with_click, INCLUDE)
    # For whole steps: the number of slots is the same in all rows, and plain prompts have three.
    if lessons.more_clicks and torch.rand(()) < lessons.more_clicks:
        more, kinds = _extra_clicks(target, side, labels)
        points, labels = torch.cat([points, more], 1), torch.cat([labels, kinds], 1)
    return points, labels


def edge_weights(target, amount):
    """How much each cell counts, [p, h, w], mean 1: more within two cells of the outline."""
    solid = (target > 0.5).float()[:, None]
    grown, shrunk = F.max_pool2d(solid, 5, 1, 2), -F.max_pool2d(-solid, 5, 1, 2)
    weight = 1 + amount * (grown - shrunk)[:, 0]
    return weight / weight.mean((-1, -2), keepdim=True)


def regret(quality, iou, sharpness=20.0):
    """What choosing among outputs by their scores costs: expected IoU lost, [p].

    quality, iou [p, outputs]. The choice is a softmax, so that there is a gradient.
    """
    chance = (quality * sharpness).softmax(-1)
    return (chance * (iou.max(-1, keepdim=True)[0] - iou)).sum(-1)
