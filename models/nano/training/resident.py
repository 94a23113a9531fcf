"""Samples drawn on the device that trains: the pool lies in its memory, as far as it fits.

A GPU takes pictures faster than processes on its host can crop and recolour them. What `samples`
and `recolour` do one picture at a time happens here to a whole batch, with the same distributions,
but for JPEG (the pictures of a pool have been through it) and for low-resolution sources, which are
blurred instead.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F

from lessons import PLAIN, region_weights
from network.config import FINE_STRIDE
from samples import LEVEL_WEIGHTS, OBJECTS, PADDING_COLOUR
from scenes import STUFF_IDS
from shards import EmptyPoolError, load_shard, shard_names

IDS = 256
SHARDS_PER_LOOK, BATCHES_BETWEEN_LOOKS = 6, 20
FLOOD_STEPS, FLOOD_BLOCKS = 16, 12  # between looks whether a flood still spreads; looks at most


class ResidentPool:
    """The newest `capacity` scenes of a pool, in the memory of a device."""

    def __init__(self, folder, capacity, device):
        self.folder, self.capacity, self.device = folder, capacity, device
        self.seen, self.filled, self.next = set(), 0, 0
        self.pictures = self.labels = None

    def look(self):
        """Takes in shards that have appeared since, a few of them after the first look."""
        names = [name for name in shard_names(self.folder) if name not in self.seen]
        for name in names if self.filled == 0 else names[:SHARDS_PER_LOOK]:
            self.seen.add(name)
            self._take(*load_shard(name))
        if not self.filled:
            raise EmptyPoolError(self.folder)

    def _take(self, pictures, labels):
        if self.pictures is None:
            shape = (self.capacity, *pictures.shape[1:])
            self.pictures = torch.empty(shape, dtype=torch.uint8, device=self.device)
            shape = (self.capacity, *labels.shape[1:])
            self.labels = torch.empty(shape, dtype=torch.uint8, device=self.device)
        pictures, labels = pictures[-self.capacity :], labels[-self.capacity :]
        done = 0
        while done < len(pictures):  # twice where the end of the memory is reached
            count = min(len(pictures) - done, self.capacity - self.next)
            slots = slice(self.next, self.next + count)
            self.pictures[slots].copy_(torch.from_numpy(pictures[done : done + count]))
            self.labels[slots].copy_(torch.from_numpy(labels[done : done + count]))
            self.next = (self.next + count) % self.capacity
            self.filled = max(self.filled, slots.stop)
            done += count


class Draws:
    """Random numbers of one stream, each [count, *shape]."""

    def __init__(self, seed, device):
        self.generator = torch.Generator(device=device)
        self.generator.manual_seed(seed)
        self.device = device

    def uniform(self, count, *shape, low=0.0, high=1.0):
        u = torch.rand(count, *shape, generator=self.generator, device=self.device)
        return low + (high - low) * u

    def normal(self, count, *shape):
        return torch.randn(count, *shape, generator=self.generator, device=self.device)

    def chance(self, count, p):
        return self.uniform(count) < p

    def below(self, count, limit):
        """Whole numbers 0..limit - 1, int64."""
        return (self.uniform(count) * limit).long().clamp(max=limit - 1)


def windows(draws, count, whole, side):
    """Random crops, as `samples.crop` draws them.

    -> x0, y0 of the crop, its pixels per canvas pixel, and the canvas pixels that it covers
    (columns, rows), all [count] float32; mirrored and upside down, [count] bool
    """
    part = draws.uniform(count, low=0.45)
    extent = whole * torch.where(draws.chance(count, 0.7), part, torch.ones_like(part))
    aspect = torch.exp(draws.normal(count) * 0.28)
    aspect = torch.where(draws.chance(count, 0.75), aspect, torch.ones_like(aspect))
    width = (extent * aspect.clamp(max=1)).floor().clamp(8, whole)
    height = (extent / aspect.clamp(min=1)).floor().clamp(8, whole)
    x0 = (draws.uniform(count) * (whole - width + 1)).floor()
    y0 = (draws.uniform(count) * (whole - height + 1)).floor()
    step = torch.maximum(width, height) / side
    columns = (width / step).round().clamp(min=32, max=side)
    rows = (height / step).round().clamp(min=32, max=side)
    flips = draws.chance(count, 0.5), draws.chance(count, 0.12)
    return x0, y0, width / columns, height / rows, columns, rows, flips


def _along(start, step, extent, flipped, side):
    """Where canvas pixels 0..side - 1 lie in the scene on one axis: [count, side], and inside."""
    position = torch.arange(side, device=start.device) + 0.5
    inside = position < extent[:, None]
    position = torch.where(flipped[:, None], extent[:, None] - position, position)
    return start[:, None] + position * step[:, None] - 0.5, inside


def _cut(scenes, index, x, y):
    """Bilinear reading of uint8 scenes [n, s, s, 3] at x, y [b, side]: [b, 3, side, side]."""
    pictures = scenes.index_select(0, index).permute(0, 3, 1, 2).float()
    scale = 2 / (scenes.shape[1] - 1)
    side = x.shape[1]
    grid = torch.stack(
        [
            (x * scale - 1)[:, None, :].expand(-1, side, -1),
            (y * scale - 1)[:, :, None].expand(-1, -1, side),
        ],
        -1,
    )
    return F.grid_sample(pictures, grid, mode='bilinear', padding_mode='border', align_corners=True)


def _tone(draws, x):
    """Gain, gamma and offset, slightly different per channel; x [b, 3, h, w] in 0..1."""
    count = len(x)
    gain = draws.uniform(count, 1, low=0.75, high=1.3) * torch.exp(draws.normal(count, 3) * 0.06)
    gamma = torch.exp(draws.normal(count, 1) * 0.2 + draws.normal(count, 3) * 0.06)
    offset = draws.normal(count, 1) * 0.04
    curved = x.clamp(min=1e-4) ** gamma[..., None, None]
    return (curved * gain[..., None, None] + offset[..., None, None]).clamp(0, 1)


def _blur(x, sigma):
    """Gaussian blur of [b, 3, h, w] with a sigma per picture, [b]; 0 leaves a picture as it is."""
    reach = torch.arange(-4, 5, device=x.device).float()
    kernel = torch.exp(-0.5 * (reach / sigma.clamp(min=0.05)[:, None]) ** 2)
    kernel = (kernel / kernel.sum(1, keepdim=True)).repeat_interleave(3, 0)[:, None]
    count, _, height, width = x.shape
    flat = F.pad(x.reshape(1, count * 3, height, width), (4, 4, 4, 4), mode='replicate')
    flat = F.conv2d(flat, kernel[:, :, None, :], groups=count * 3)
    return F.conv2d(flat, kernel[:, :, :, None], groups=count * 3).view(x.shape)


def recoloured(draws, x):
    """[b, 3, h, w] in 0..1 -> the same scenes as other cameras would have seen them."""
    count = len(x)
    order = draws.uniform(count, 3).argsort(1)
    swapped = x.gather(1, order[..., None, None].expand_as(x))
    x = torch.where(draws.chance(count, 0.1)[:, None, None, None], swapped, x)
    grey = (x * x.new_tensor([0.299, 0.587, 0.114])[:, None, None]).sum(1, keepdim=True)
    x = torch.where(draws.chance(count, 0.06)[:, None, None, None], grey.expand_as(x), x)
    x = _tone(draws, x)
    grey = x.mean(1, keepdim=True)
    vivid = torch.where(draws.chance(count, 0.3), draws.uniform(count, low=0.3, high=1.7), 1.0)
    x = (grey + (x - grey) * vivid[:, None, None, None]).clamp(0, 1)
    # A low-resolution source shrunk to q has been averaged over 1 / q pixels.
    soft = torch.where(draws.chance(count, 0.2), draws.uniform(count, low=0.3, high=1.0), 0.0)
    q = draws.uniform(count, low=0.4, high=0.9)
    coarse = torch.where(draws.chance(count, 0.15), 0.5 / q, 0.0)
    x = _blur(x, torch.sqrt(soft**2 + coarse**2))
    grain = torch.where(draws.chance(count, 0.25), draws.uniform(count, low=1, high=9), 0.0) / 255
    noise = draws.normal(*x.shape) * grain[:, None, None, None]
    return (x + noise).clamp(0, 1)


def choose(draws, maps, inside, objects, lessons=PLAIN):
    """Regions to segment. maps int64 [b, 3, s, s], inside bool [b, s, s] -> level, id [b, objects].

    Probabilities are those of `samples.candidates`, without repetition while there are enough;
    where a crop shows nothing of useful size, whatever it shows.
    """
    batch, levels = maps.shape[:2]
    place = torch.arange(batch * levels, device=maps.device).view(batch, levels, 1, 1) * IDS
    seen = inside[:, None].expand_as(maps).float()
    count = torch.zeros(batch * levels * IDS, device=maps.device)
    count.scatter_add_(0, (maps + place).reshape(-1), seen.reshape(-1))
    border = None
    if lessons.thin:
        border = torch.zeros_like(count)
        for axis in (2, 3):
            size = maps.shape[axis] - 1
            a, b = maps.narrow(axis, 1, size), maps.narrow(axis, 0, size)
            both = inside[:, None].narrow(axis, 1, size) & inside[:, None].narrow(axis, 0, size)
            other = ((a != b) & both).float().reshape(-1)
            border.scatter_add_(0, (a + place).reshape(-1), other)
            border.scatter_add_(0, (b + place).reshape(-1), other)
        border = (border / count.clamp(min=1).sqrt()).view(batch, levels, IDS)
    share = count.view(batch, levels, IDS) / inside.sum((-1, -2)).clamp(min=1)[:, None, None]
    share[..., 0] = 0  # unlabelled
    level_weight = share.new_tensor([w for _, w in LEVEL_WEIGHTS])[:, None]
    useful = level_weight * region_weights(share, border, lessons)
    weight = torch.where(useful > 0, useful, share * 1e-12).flatten(1)
    gumbel = -torch.log(-torch.log(draws.uniform(*weight.shape).clamp(1e-9, 1 - 1e-7)))
    score = torch.where(weight > 0, weight.clamp(min=1e-30).log() + gumbel, -torch.inf)
    best, region = score.topk(objects, 1)
    # Too few regions: the first ones again. What is not useful counts only where nothing is.
    enough = best > math.log(1e-7) / 2
    again = torch.remainder(
        torch.arange(objects, device=maps.device), enough.sum(1, keepdim=True).clamp(min=1)
    )
    region = torch.where(enough, region, region.gather(1, again))
    return torch.div(region, IDS, rounding_mode='floor'), region % IDS


def flood(seed, mask):
    """What of a mask [n, 1, h, w] (0 or 1) is connected with the seeds [n, 1, h, w] in it."""
    reached = seed * mask
    for _ in range(FLOOD_BLOCKS):
        before = reached
        for _ in range(FLOOD_STEPS):
            reached = F.max_pool2d(reached, 3, 1, 1) * mask
        if torch.equal(before, reached):
            break
    return reached


def one_piece(draws, cover, whole, lessons=PLAIN):
    """Keeps one piece of most masks. cover [n, h, w]: of each cell; whole [n]: an object or not.

    -> [n, h, w], 1 where a cell is kept. Pieces are chosen by area, and told apart at this grid.
    """
    cells = (cover > 0.02).float()
    start = torch.multinomial((cover + 1e-9).flatten(1), 1, generator=draws.generator)
    seed = torch.zeros_like(cover).flatten(1).scatter_(1, start, 1.0).view_as(cover)
    piece = flood(seed[:, None], cells[:, None])[:, 0]
    share = torch.where(whole, lessons.piece_of_thing, lessons.piece_of_rest)
    single = draws.chance(len(cover), share)
    # A speck is rarely what somebody means.
    single &= (piece * cover).mean((-1, -2)) > 0.003
    return torch.where(single[:, None, None], piece, torch.ones_like(piece))


def extents(mask):
    """x0, y0, x1, y1 (ends included) of masks [n, h, w], float32 [n, 4]."""
    out = []
    for axis in (1, 2):
        line = mask.any(axis)
        first = line.float().argmax(1)
        last = line.shape[1] - 1 - line.flip(1).float().argmax(1)
        out.append((first, last))
    (x0, x1), (y0, y1) = out
    return torch.stack([x0, y0, x1, y1], 1).float()


@torch.no_grad()
def draw_batch(pool, draws, side, batch, objects, lessons=PLAIN):
    """One batch on the device: each tensor as `samples.sample` has it, with a batch axis before."""
    index = draws.below(batch, pool.filled)
    whole = pool.pictures.shape[1]
    x0, y0, step_x, step_y, columns, rows, (mirrored, turned) = windows(draws, batch, whole, side)
    x, in_x = _along(x0, step_x, columns, mirrored, side)
    y, in_y = _along(y0, step_y, rows, turned, side)
    inside = in_x[:, None, :] & in_y[:, :, None]

    if side < 0.75 * whole:  # shrinking: four readings per pixel
        fine_x, _ = _along(x0, step_x / 2, columns * 2, mirrored, 2 * side)
        fine_y, _ = _along(y0, step_y / 2, rows * 2, turned, 2 * side)
        picture = F.avg_pool2d(_cut(pool.pictures, index, fine_x, fine_y), 2)
    else:
        picture = _cut(pool.pictures, index, x, y)
    picture = recoloured(draws, picture / 255) * 255
    padding = picture.new_tensor(PADDING_COLOUR)[None, :, None, None]
    picture = torch.where(inside[:, None], picture, padding)
    picture = picture.round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()

    column, row = x.round().long().clamp(0, whole - 1), y.round().long().clamp(0, whole - 1)
    # The pool may have more than 2^31 values; index_select knows how to deal with that.
    labels = pool.labels.index_select(0, index)
    each = torch.arange(batch, device=index.device)[:, None, None]
    maps = labels[each, :, row[:, :, None], column[:, None, :]].permute(0, 3, 1, 2)
    # Every fourth pixel is enough to count, and sixteen times less to add up atomically.
    sparse = slice(FINE_STRIDE // 2, None, FINE_STRIDE)
    few = maps[:, :, sparse, sparse].long()
    level, region = choose(draws, few, inside[:, sparse, sparse], objects, lessons)
    chosen = maps.gather(1, level[..., None, None].expand(-1, -1, side, side))
    mask = (chosen == region[..., None, None]) & inside[:, None]
    mask = mask.flatten(0, 1)
    cover = F.avg_pool2d(mask[:, None].float(), FINE_STRIDE)[:, 0]
    thing = ((level == OBJECTS) & (region > STUFF_IDS)).flatten()
    kept = one_piece(draws, cover, thing, lessons)
    mask &= kept.repeat_interleave(FINE_STRIDE, 1).repeat_interleave(FINE_STRIDE, 2) > 0
    cover = F.avg_pool2d(mask[:, None].float(), lessons.target_stride)[:, 0]
    targets = (cover * 255).round().to(torch.uint8).unflatten(0, (batch, objects))
    return picture, targets, extents(mask).unflatten(0, (batch, objects))


def resident_batches(pool, side, batch, objects, seed, lessons=PLAIN):
    """Endless batches on the device of a ResidentPool, which looks for new shards now and then."""
    state = np.random.SeedSequence(list(seed)).generate_state(1)[0]
    draws = Draws(int(state), pool.device)
    drawn = 0
    while True:
        if drawn % BATCHES_BETWEEN_LOOKS == 0:
            pool.look()
        drawn += 1
        yield draw_batch(pool, draws, side, batch, objects, lessons)
