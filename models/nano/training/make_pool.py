"""Makes a pool of scenes: drawn ones, and rendered ones where there are models to render.

    python3 make_pool.py --out pool --count 3000 --size 384 --seed 1
    python3 make_pool.py --out pool --count 3000 --seed 2 --models banks/models.npz --share 0.5

writes pairs `shard_<seed>_<k>_img.npy` [n, side, side, 3] and `..._seg.npy` [n, 3, side, side],
both uint8. A seed always gives the same scenes; run several seeds at once to use several cores, and
into a folder that is being trained from if need be.
"""

import argparse
import os
import time

import cv2
import numpy as np

from scenes import FieldBank, load_tiles, make_scene
from shards import save_shard


def fill(pictures, labels, bank, render=None, share=0.0):
    """Fills the arrays of a shard in place; `share` of the scenes come from render(bank, side)."""
    done = 0
    while done < len(pictures):
        try:
            draw = render if render and bank.rng.random() < share else make_scene
            pictures[done], labels[done] = draw(bank, pictures.shape[1])
        except (cv2.error, ValueError, ArithmeticError) as error:
            # A degenerate shape. The scene is left out; the generator goes on from where it is.
            print('skipped a scene: %s: %s' % (type(error).__name__, error), flush=True)
        else:
            done += 1


def renderer(path):
    """The function that renders scenes of the models in a bank."""
    from renders.bank import ModelBank  # Numba, which nothing else needs, is loaded here
    from renders.scene import make_render

    models = ModelBank(path)
    return lambda bank, side: make_render(bank, models, side)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--out', required=True, help='folder; made if it is not there')
    parser.add_argument('--count', type=int, default=1000, help='scenes')
    parser.add_argument('--size', type=int, default=384, help='side in pixels')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--shard', type=int, default=200, help='scenes per file')
    parser.add_argument('--models', help='bank of 3D models, from fetch_models.py')
    parser.add_argument('--share', type=float, default=0.5, help='of renders, with --models')
    parser.add_argument('--textures', help='bank of photographed materials, from fetch_textures.py')
    options = parser.parse_args()
    render = renderer(options.models) if options.models else None

    os.makedirs(options.out, exist_ok=True)
    tiles = load_tiles(options.textures) if options.textures else None
    bank = FieldBank(np.random.default_rng(options.seed), tiles=tiles)
    start, made = time.time(), 0
    while made < options.count:
        count, side = min(options.shard, options.count - made), options.size
        pictures = np.zeros((count, side, side, 3), np.uint8)
        labels = np.zeros((count, 3, side, side), np.uint8)
        fill(pictures, labels, bank, render, options.share)
        name = 'shard_%d_%d' % (options.seed, made // options.shard)
        save_shard(os.path.join(options.out, name), pictures, labels)
        made += count
        milliseconds = (time.time() - start) / made * 1e3
        print('%d scenes, %.1f ms each' % (made, milliseconds), flush=True)


if __name__ == '__main__':
    main()
