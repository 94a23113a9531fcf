import json
import os
import struct
import tempfile
import unittest

import cv2
import numpy as np

from renders.bank import ModelBank, find_parts, pack_model, save
from renders.gltf import Gltf, UnsupportedError
from scenes import STUFF_IDS, FieldBank

try:
    from renders.light import light_map, unoccluded
    from renders.raster import NONE, rasterise
    from renders.scene import make_render
except ImportError:  # Numba is only needed to render
    make_render = None


def box(low, high, colour):
    """Twelve triangles, outward normals, one colour: as `Gltf.triangles` gives them."""
    p = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], np.float64)
    p = np.asarray(low) + p * (np.asarray(high) - np.asarray(low, np.float64))
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    triangles = p[np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))])]
    normals = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    normals = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    colours = np.broadcast_to(np.asarray(colour, np.float64), triangles.shape).copy()
    return triangles, np.repeat(normals[:, None], 3, 1), colours, np.zeros(12, np.int64)


def joined(*parts):
    return tuple(np.concatenate(group) for group in zip(*parts))


def tiny_bank(path):
    """A lamp of three colours, a broad table, and a stick."""
    lamp = joined(
        box((-1, 0, -1), (1, 0.4, 1), (0.2, 0.2, 0.8)),
        box((-0.2, 0.4, -0.2), (0.2, 2, 0.2), (0.8, 0.7, 0.1)),
        box((-0.8, 2, -0.8), (0.8, 3, 0.8), (0.9, 0.1, 0.1)),
    )
    table, stick = (
        box((0, 0, 0), (4, 1, 3), (0.5, 0.3, 0.1)),
        box((0, 0, 0), (1, 4, 1), (0.2, 0.8, 0.2)),
    )
    models = [pack_model(*model) for model in (lamp, table, stick)]
    save(path, models, ['lamp', 'table', 'stick'], [0, 0, 1], ['furniture', 'sticks'])


class Files(unittest.TestCase):
    def document(self, **changes):
        """A square in the xz plane, half of it green by its texture, moved up by a node."""
        points = np.float32([[0, 0, 0], [0, 0, 1], [1, 0, 1], [1, 0, 0]])
        uv = np.float32([[0.1, 0.5], [0.1, 0.9], [0.4, 0.9], [0.4, 0.5]])
        indices = np.uint16([0, 1, 2, 0, 2, 3])
        _, picture = cv2.imencode('.png', np.uint8([[[0, 255, 0], [0, 0, 255]]]))
        blob = points.tobytes() + uv.tobytes() + indices.tobytes() + picture.tobytes()
        lengths = [points.nbytes, uv.nbytes, indices.nbytes, picture.nbytes]
        starts = np.concatenate([[0], np.cumsum(lengths)]).tolist()
        document = {
            'asset': {'version': '2.0'},
            'scene': 0,
            'scenes': [{'nodes': [0]}],
            'nodes': [{'children': [1], 'scale': [2, 2, 2]}, {'mesh': 0, 'translation': [0, 3, 0]}],
            'meshes': [
                {
                    'primitives': [
                        {
                            'attributes': {'POSITION': 0, 'TEXCOORD_0': 1},
                            'indices': 2,
                            'material': 0,
                        }
                    ]
                }
            ],
            'materials': [{'pbrMetallicRoughness': {'baseColorTexture': {'index': 0}}}],
            'textures': [{'source': 0}],
            'images': [{'bufferView': 3, 'mimeType': 'image/png'}],
            'accessors': [
                {'bufferView': 0, 'componentType': 5126, 'count': 4, 'type': 'VEC3'},
                {'bufferView': 1, 'componentType': 5126, 'count': 4, 'type': 'VEC2'},
                {'bufferView': 2, 'componentType': 5123, 'count': 6, 'type': 'SCALAR'},
            ],
            'bufferViews': [
                {'buffer': 0, 'byteOffset': s, 'byteLength': n} for s, n in zip(starts, lengths)
            ],
            'buffers': [{'byteLength': len(blob)}],
            **changes,
        }
        return document, blob

    def glb(self, document, blob):
        text = json.dumps(document).encode()
        text += b' ' * (-len(text) % 4)
        blob += b'\0' * (-len(blob) % 4)
        head = struct.pack('<4sII', b'glTF', 2, 28 + len(text) + len(blob))
        chunks = (
            struct.pack('<I4s', len(text), b'JSON')
            + text
            + struct.pack('<I4s', len(blob), b'BIN\0')
        )
        return head + chunks + blob

    def test_positions_pass_through_the_nodes_and_colours_come_from_the_texture(self):
        positions, normals, colours, surfaces = Gltf(self.glb(*self.document()), None).triangles()
        np.testing.assert_allclose(positions[0], [[0, 6, 0], [0, 6, 2], [2, 6, 2]])
        np.testing.assert_allclose(np.abs(normals[..., 1]), 1)
        np.testing.assert_allclose(colours, np.broadcast_to([0, 1, 0], colours.shape))
        self.assertEqual(surfaces.tolist(), [1, 1])

    def test_a_file_with_its_data_beside_it(self):
        document, blob = self.document()
        document['buffers'][0]['uri'] = 'a%20b.bin'
        asked = []

        def beside(name):
            asked.append(name)
            return blob

        gltf = Gltf(json.dumps(document).encode(), beside)
        self.assertEqual(len(gltf.triangles()[0]), 2)
        self.assertEqual(asked, ['a b.bin'])

    def test_a_skin_moves_its_corners_and_an_animation_moves_the_skin(self):
        document, blob = self.document()
        joints, weights = np.zeros((4, 4), np.uint8), np.tile(np.float32([1, 0, 0, 0]), (4, 1))
        inverse, times = np.eye(4, dtype=np.float32), np.float32([0, 1])
        moves = np.float32([[0, 0, 0], [0, 5, 0]])
        for array, kind, component in (
            (joints, 'VEC4', 5121),
            (weights, 'VEC4', 5126),
            (inverse, 'MAT4', 5126),
            (times, 'SCALAR', 5126),
            (moves, 'VEC3', 5126),
        ):
            document['bufferViews'].append(
                {'buffer': 0, 'byteOffset': len(blob), 'byteLength': array.nbytes}
            )
            count = 1 if kind == 'MAT4' else len(array)
            entry = {'bufferView': len(document['bufferViews']) - 1, 'componentType': component}
            document['accessors'].append({**entry, 'count': count, 'type': kind})
            blob += array.tobytes()
        document['nodes'] = [{'mesh': 0, 'skin': 0}, {'translation': [0, 1, 0]}]
        document['scenes'] = [{'nodes': [0, 1]}]
        document['skins'] = [{'joints': [1], 'inverseBindMatrices': 5}]
        attributes = document['meshes'][0]['primitives'][0]['attributes']
        attributes.update(JOINTS_0=3, WEIGHTS_0=4)
        document['animations'] = [
            {
                'name': 'jump',
                'channels': [{'sampler': 0, 'target': {'node': 1, 'path': 'translation'}}],
                'samplers': [{'input': 6, 'output': 7}],
            }
        ]
        gltf = Gltf(self.glb(document, blob), None)
        self.assertEqual(gltf.clips(), ['jump'])
        np.testing.assert_allclose(gltf.triangles()[0][..., 1], 1)
        np.testing.assert_allclose(gltf.triangles(0, 1.0)[0][..., 1], 5)

    def test_what_cannot_be_read_is_refused(self):
        document, blob = self.document(extensionsRequired=['KHR_draco_mesh_compression'])
        with self.assertRaisesRegex(UnsupportedError, 'draco'):
            Gltf(self.glb(document, blob), None)
        document, blob = self.document()
        document['accessors'][0]['count'] = 5000
        with self.assertRaisesRegex(ValueError, 'past its buffer'):
            Gltf(self.glb(document, blob), None).triangles()


class Parts(unittest.TestCase):
    def test_colours_side_by_side_are_parts_and_a_gradient_is_one(self):
        lamp = joined(
            box((0, 0, 0), (1, 1, 1), (0.9, 0.1, 0.1)), box((0, 1, 0), (1, 2, 1), (0.1, 0.1, 0.9))
        )
        parts = find_parts(lamp[0], lamp[2], lamp[3])
        self.assertEqual((len(set(parts[:12])), len(set(parts[12:]))), (1, 1))
        self.assertNotEqual(parts[0], parts[12])
        # A strip of twenty quads that goes from black to white.
        x = np.linspace(0, 1, 21)
        quads = [
            [[a, 0, 0], [b, 0, 0], [b, 1, 0], [a, 0, 0], [b, 1, 0], [a, 1, 0]]
            for a, b in zip(x[:-1], x[1:])
        ]
        strip = np.array(quads).reshape(-1, 3, 3)
        grey = np.repeat(strip[..., :1], 3, -1)
        self.assertEqual(set(find_parts(strip, grey, np.zeros(len(strip), int))), {0})

    def test_a_bank_gives_back_what_was_put_in(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'bank.npz')
            tiny_bank(path)
            bank = ModelBank(path)
            self.assertEqual(
                (len(bank), bank.names, bank.packs[1]), (3, ['lamp', 'table', 'stick'], 'sticks')
            )
            positions, normals, colours, parts = bank.model(0)
            self.assertAlmostEqual(float(np.ptp(positions[..., 1])), 1, places=3)
            self.assertEqual(float(positions[..., 1].min()), 0)
            self.assertEqual(len(set(parts)), 3)
            self.assertTrue((np.abs(np.linalg.norm(normals, axis=-1) - 1) < 0.02).all())
            self.assertEqual(bank.of_pack(0).tolist(), [0, 1])


@unittest.skipIf(make_render is None, 'rendering needs Numba')
class Rendering(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, 'bank.npz')
        tiny_bank(path)
        self.models = ModelBank(path)

    def renders(self, seed, count, side=64):
        bank = FieldBank(np.random.default_rng(seed), 16)
        return [make_render(bank, self.models, side) for _ in range(count)]

    def test_the_nearest_triangle_wins_and_what_is_behind_the_camera_is_left_out(self):
        square = np.float32([[[0, 0], [8, 0], [0, 8]]])
        corners = np.concatenate([square, square, square])
        nearness = np.float32([[0.5] * 3, [1, 1, 0.6], [2, 0, 2]])
        index, depth = rasterise(corners, nearness, 10, 10)
        self.assertEqual(index[1, 1], 1)
        self.assertEqual(index[9, 9], NONE)
        self.assertAlmostEqual(float(depth[0, 8]), 1, places=5)
        # Eight and a half rows of half a square: every centre in it, none outside.
        self.assertEqual(int((index >= 0).sum()), 45)

    def test_a_roof_keeps_the_light_out(self):
        roof = np.float32(
            [[[-1, 1, -1], [1, 1, -1], [1, 1, 1]], [[-1, 1, -1], [1, 1, 1], [-1, 1, 1]]]
        )
        floor = np.float32([[[-9, 0, -9], [9, 0, -9], [0, 0, 9]]])
        seen = light_map(np.concatenate([roof, floor]), np.array([0.0, 1, 0]))
        taps = np.zeros((1, 2))
        for point, free in (((0, 0.01, 0), 0), ((3, 0.01, 0), 1), ((0, 1.01, 0), 1)):
            self.assertEqual(unoccluded(seen, *point, 0.0, 0.02, taps), free)

    def test_a_seed_always_gives_the_same_scenes(self):
        for (a, b), (c, d) in zip(self.renders(3, 2), self.renders(3, 2)):
            np.testing.assert_array_equal(a, c)
            np.testing.assert_array_equal(b, d)

    def test_labels_are_nested_and_complete(self):
        shown = 0
        for picture, labels in self.renders(5, 6):
            self.assertEqual((picture.shape, labels.shape), ((64, 64, 3), (3, 64, 64)))
            self.assertTrue((labels > 0).all())
            for inner, outer in ((labels[0], labels[1]), (labels[1], labels[2])):
                for i in np.unique(inner):
                    self.assertEqual(len(np.unique(outer[inner == i])), 1)
            stuff = labels[1] <= STUFF_IDS
            np.testing.assert_array_equal(stuff, labels[2] <= STUFF_IDS)
            np.testing.assert_array_equal(stuff, labels[0] <= STUFF_IDS)
            shown += len(np.unique(labels[1][~stuff]))
            self.assertGreater(float(picture.std()), 3)
        self.assertGreater(shown, 6)
