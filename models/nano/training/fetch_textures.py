"""Gets the CC0 photographs of materials that scenes/textures.json names and packs them.

    python3 fetch_textures.py --out banks

writes banks/textures.npz (tiles [n, side, side, 3]) and banks/textures.txt (every tile, with where
it comes from). Repositories are cloned as `fetch_models.py` does it.
"""

import argparse
import io
import json
import os

import numpy as np
from PIL import Image

from clones import clone, git, listed

HERE = os.path.dirname(os.path.abspath(__file__))
WHITE = 250  # what a sheet is made of where it holds no picture


def cut(sheet, source):
    """Yields (row, column, tile) of a contact sheet [height, width, 3], empty places left out."""
    side, (across, down) = source['tile'], source['pitch']
    height, width = sheet.shape[:2]
    for row, y in enumerate(range(source['origin'], height - side + 1, down)):
        for column, x in enumerate(range(source['origin'], width - side + 1, across)):
            tile = sheet[y : y + side, x : x + side]
            # A picture that is not square leaves white at its right or at its lower edge.
            if tile[-2:].min() < WHITE and tile[:, -2:].min() < WHITE:
                yield row, column, tile


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--out', required=True, help='folder; made if it is not there')
    parser.add_argument('--clones', help='folder of clones, each named as its repository')
    options = parser.parse_args()
    clones = options.clones or os.path.join(options.out, 'clones')
    os.makedirs(options.out, exist_ok=True)
    with open(os.path.join(HERE, 'scenes', 'textures.json')) as file:
        sources = json.load(file)

    tiles, lines = [], []
    for source in sources:
        folder = os.path.join(clones, os.path.basename(source['url']))
        clone(source, folder)
        for path in listed(source, folder, 'sheets'):
            data = git(folder, 'show', '%s:%s' % (source['commit'], path))
            sheet = np.asarray(Image.open(io.BytesIO(data)).convert('RGB'))
            for row, column, tile in cut(sheet, source):
                tiles.append(tile)
                place = '%s row %d column %d' % (path, row + 1, column + 1)
                lines.append('%s@%s %s' % (source['url'], source['commit'], place))
    np.savez_compressed(os.path.join(options.out, 'textures.npz'), tiles=np.stack(tiles))
    with open(os.path.join(options.out, 'textures.txt'), 'w') as file:
        file.write('\n'.join(lines) + '\n')
    print('textures.npz: %d tiles' % len(tiles))


if __name__ == '__main__':
    main()
