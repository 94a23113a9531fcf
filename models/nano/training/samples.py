"""Training samples: random crops of a pool's scenes, each with a few objects to segment."""

import cv2
import numpy as np
import torch

from lessons import PLAIN, region_weights
from recolour import recolour
from scenes import STUFF_IDS
from shards import EmptyPoolError, load_shard, scene_count, shard_names

cv2.setNumThreads(1)

PADDING_COLOUR = (124, 116, 104)  # the mean that normalisation subtracts: padding becomes about 0
PARTS, OBJECTS, GROUPS = 0, 1, 2
LEVEL_WEIGHTS = ((PARTS, 0.3), (OBJECTS, 1.0), (GROUPS, 0.12))
PICTURES_BETWEEN_LOOKS = 200  # at the folder, for shards that have appeared


def crop(rng, picture, labels, side):
    """A random window, mirrored at random, scaled to fit side x side.

    -> picture [height, width, 3], three label maps [height, width]
    """
    whole = picture.shape[0]
    extent = whole * (rng.uniform(0.45, 1) if rng.random() < 0.7 else 1.0)
    aspect = np.exp(rng.normal(0, 0.28)) if rng.random() < 0.75 else 1.0
    w = int(min(whole, extent * min(1, aspect)))
    h = int(min(whole, extent * min(1, 1 / aspect)))
    x0, y0 = rng.integers(0, whole - w + 1), rng.integers(0, whole - h + 1)
    picture = picture[y0 : y0 + h, x0 : x0 + w]
    labels = labels[:, y0 : y0 + h, x0 : x0 + w]
    if rng.random() < 0.5:
        picture, labels = picture[:, ::-1], labels[:, :, ::-1]
    if rng.random() < 0.12:
        picture, labels = picture[::-1], labels[:, ::-1]
    scale = side / max(w, h)
    size = max(32, round(w * scale)), max(32, round(h * scale))
    picture = np.ascontiguousarray(picture)
    if rng.random() < 0.15:  # a low-resolution source
        q = rng.uniform(0.4, 0.9)
        small = max(8, int(w * q)), max(8, int(h * q))
        picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    picture = cv2.resize(picture, size, interpolation=smooth)
    maps = [
        cv2.resize(np.ascontiguousarray(level), size, interpolation=cv2.INTER_NEAREST)
        for level in labels
    ]
    return picture, maps


def borders(level):
    """Pixel sides at which each id of a label map ends, [256]; the edge of the map is none."""
    count = np.zeros(256)
    for a, b in ((level[1:], level[:-1]), (level[:, 1:], level[:, :-1])):
        other = a != b
        count += np.bincount(a[other], minlength=256) + np.bincount(b[other], minlength=256)
    return count


def candidates(maps, lessons=PLAIN):
    """Regions worth segmenting: [(level, id)] and the probability of each. Both may be empty."""
    area = float(maps[0].size)
    regions, weights = [], []
    for level, weight in LEVEL_WEIGHTS:
        count = np.bincount(maps[level].ravel(), minlength=256)
        border = borders(maps[level]) / np.maximum(1, count) ** 0.5 if lessons.thin else 0
        wanted = weight * region_weights(count / area, border, lessons)
        for i in np.nonzero(wanted)[0]:
            if i:
                regions.append((level, i))
                weights.append(wanted[i])
    weights = np.array(weights)
    return regions, weights / weights.sum() if regions else weights


def one_piece(rng, mask):
    """One connected piece of a mask, chosen by area; the mask itself if it has no second one."""
    count, piece, statistics, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    if count <= 2:
        return mask
    areas = statistics[1:, cv2.CC_STAT_AREA].astype(np.float64)
    areas[areas < 0.003 * mask.size] = 0
    if areas.sum() == 0:
        return mask
    return (piece == 1 + rng.choice(count - 1, p=areas / areas.sum())).astype(np.uint8)


def sample(rng, picture, labels, side, objects, lessons=PLAIN):
    """One training sample, or None where the crop shows nothing worth segmenting.

    picture uint8 [side, side, 3], targets uint8 [objects, side / 4, side / 4] (coverage, 255 is
    full; side / 2 where the lessons are fine), boxes float32 [objects, 4] (x0, y0, x1, y1,
    ends included)
    """
    picture, maps = crop(rng, picture, labels, side)
    picture = recolour(rng, picture)
    height, width = picture.shape[:2]
    canvas = np.empty((side, side, 3), np.uint8)
    canvas[:] = PADDING_COLOUR
    canvas[:height, :width] = picture
    regions, weights = candidates(maps, lessons)
    if not regions:
        return None
    count = min(objects, len(regions))
    chosen = list(rng.choice(len(regions), count, replace=False, p=weights))
    if count < objects:
        chosen += list(rng.choice(len(regions), objects - count, p=weights))
    cells = side // lessons.target_stride
    targets = np.zeros((objects, cells, cells), np.uint8)
    boxes = np.zeros((objects, 4), np.float32)
    full = np.zeros((side, side), np.uint8)
    for j, choice in enumerate(chosen):
        level, i = regions[choice]
        mask = (maps[level] == i).astype(np.uint8)
        # An object may well be cut in two by what stands before it; a part or region in two pieces
        # is rarely what somebody means.
        whole = level == OBJECTS and i > STUFF_IDS
        if rng.random() < (lessons.piece_of_thing if whole else lessons.piece_of_rest):
            mask = one_piece(rng, mask)
        full[:] = 0
        full[:height, :width] = mask * 255
        x, y, w, h = cv2.boundingRect(full)
        boxes[j] = (x, y, x + w - 1, y + h - 1)
        targets[j] = cv2.resize(full, (cells, cells), interpolation=cv2.INTER_AREA)
    return canvas, targets, boxes


class Samples(torch.utils.data.IterableDataset):
    """Endless samples of a pool. Every loader process draws from a stream of its own.

    seed: integers >= 0 that name the stream. New shards in the folder are picked up while it runs.
    """

    def __init__(self, pool, side, objects, seed, lessons=PLAIN):
        super().__init__()
        self.pool, self.side, self.objects, self.seed = pool, side, objects, tuple(seed)
        self.lessons = lessons

    def _open(self):
        shards = [load_shard(name, 'r') for name in shard_names(self.pool)]
        if not shards:
            raise EmptyPoolError(self.pool)
        return shards

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([*self.seed, worker.id if worker else 0])
        shards, drawn = [], 0
        while True:
            if drawn % PICTURES_BETWEEN_LOOKS == 0:
                shards = self._open()
            drawn += 1
            pictures, labels = shards[rng.integers(len(shards))]
            i = rng.integers(len(pictures))
            found = sample(rng, pictures[i], labels[i], self.side, self.objects, self.lessons)
            if found is not None:
                yield found


def batches(pool, side, batch, objects, seed, workers, pinned, lessons=PLAIN):
    """Endless batches of samples: each tensor of `sample` with a leading batch axis.

    pinned: give page-locked tensors, from which a GPU copies without waiting.
    """
    # Only with workers may prefetch_factor be given in every version of torch.
    ahead = {'prefetch_factor': 3} if workers else {}
    return iter(
        torch.utils.data.DataLoader(
            Samples(pool, side, objects, seed, lessons),
            batch_size=batch,
            num_workers=workers,
            pin_memory=pinned,
            **ahead,
        )
    )


def count_scenes(pool):
    """Shards and scenes that a pool holds now."""
    counts = [scene_count(name) for name in shard_names(pool)]
    return {'shards': len(counts), 'scenes': sum(counts)}
