import unittest

import numpy as np

from fetch_textures import cut
from scenes import FieldBank, make_scene
from scenes.textures import texture_field, textured
from tests.test_scenes import some_scenes


def some_tiles(side=32):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (5, side, side, 3), np.uint8)


class Textures(unittest.TestCase):
    def test_a_surface_has_the_colour_that_is_asked_for(self):
        bank = FieldBank(np.random.default_rng(1), 6, some_tiles())
        for colour in ([0.1, 0.6, 0.3], [0.8, 0.8, 0.7]):
            surface = textured(bank, 90, 120, np.array(colour))
            self.assertEqual(surface.shape, (90, 120, 3))
            self.assertEqual(surface.dtype, np.float32)
            np.testing.assert_allclose(surface.mean((0, 1)), colour, atol=0.06)
            self.assertGreater(surface.std(), 0.02)

    def test_a_tile_goes_on_where_it_ends(self):
        """A smooth wave that fits the tile has no jump anywhere, however it is turned."""
        wave = 128 + 100 * np.sin(2 * np.pi * np.arange(64) / 64)
        tiles = np.repeat(np.broadcast_to(wave[None, :, None, None], (1, 64, 64, 1)), 3, 3)
        rng = np.random.default_rng(2)
        for _ in range(10):
            field = texture_field(rng, tiles.astype(np.uint8), 256)
            for axis in (0, 1):
                self.assertLess(np.abs(np.diff(field, axis=axis)).max(), 16)
            self.assertGreater(np.ptp(field), 150)

    def test_scenes_of_materials_repeat_and_differ_from_drawn_ones(self):
        banks = [FieldBank(np.random.default_rng(3), 6, some_tiles()) for _ in range(2)]
        (a, b), (c, d) = (make_scene(bank, 96) for bank in banks)
        np.testing.assert_array_equal(a, c)
        np.testing.assert_array_equal(b, d)
        self.assertFalse(np.array_equal(a, some_scenes(3, 1)[0][0]))

    def test_pictures_are_cut_from_a_sheet_and_gaps_are_not(self):
        sheet = np.full((100, 80, 3), 255, np.uint8)
        source = {'origin': 4, 'tile': 20, 'pitch': [30, 40]}
        sheet[4:24, 4:24] = 7
        sheet[4:14, 34:54] = 8  # not square
        sheet[44:64, 34:54] = 9
        found = [(row, column, int(tile[0, 0, 0])) for row, column, tile in cut(sheet, source)]
        self.assertEqual(found, [(0, 0, 7), (1, 1, 9)])


if __name__ == '__main__':
    unittest.main()
