"""The files of a pool: every shard is a pair, `NAME_img.npy` and `NAME_seg.npy`."""

import glob
import os

import numpy as np

PICTURES, LABELS = '_img.npy', '_seg.npy'


class EmptyPoolError(FileNotFoundError):
    """A pool that holds no shard."""

    def __init__(self, folder):
        super().__init__('no *%s in %r; make scenes with make_pool.py --out' % (PICTURES, folder))


def shard_names(folder):
    """What `load_shard` takes of every shard in a folder, sorted."""
    return [n[: -len(PICTURES)] for n in sorted(glob.glob(os.path.join(folder, '*' + PICTURES)))]


def scene_count(name):
    return len(np.load(name + PICTURES, mmap_mode='r'))


def load_shard(name, mmap_mode=None):
    """Pictures uint8 [n, side, side, 3] and labels uint8 [n, 3, side, side]."""
    return tuple(np.load(name + suffix, mmap_mode=mmap_mode) for suffix in (PICTURES, LABELS))


def save_shard(name, pictures, labels):
    """Writes a shard. It appears in one step: a running training may take it up at any time."""
    np.save(name + LABELS, labels)
    np.save(name + '_tmp.npy', pictures)
    os.replace(name + '_tmp.npy', name + PICTURES)
