"""Gets the CC0 photographs of materials that scenes/textures.json names and packs them.

    python3 fetch_textures.py --out banks

writes banks/textures.npz (tiles [n, side, side, 3]) and banks/textures.txt (every tile, with where
it comes from). Repositories are cloned as `fetch_models.py` does it.
"""

import io
import os

import numpy as np
from PIL import Image

from clones import clone, git, listed, options_and_sources

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
    path = os.path.join(HERE, 'scenes', 'textures.json')
    options, sources = options_and_sources(__doc__, path)

    tiles, lines = [], []
    for source in sources:
        folder = source['folder']
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
