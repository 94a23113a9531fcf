"""Reads glTF 2.0: triangles in world space with colours, posed by an animation if there is one.

Left out: sparse accessors, compressed meshes (Draco, meshopt), morph targets, every property of a
material but the base colour. A file that needs one of the first two is refused.
"""

import base64
import json
import struct
from urllib.parse import unquote

import cv2
import numpy as np

COMPONENTS = {5120: 'i1', 5121: 'u1', 5122: '<i2', 5123: '<u2', 5125: '<u4', 5126: '<f4'}
SIZES = {'SCALAR': 1, 'VEC2': 2, 'VEC3': 3, 'VEC4': 4, 'MAT4': 16}
TRIANGLES = 4
INSET = 0.12  # of the way to a triangle's middle: colours at its corners are read from inside it


class UnsupportedError(ValueError):
    """The file uses a part of glTF that is not read here."""


def srgb(linear):
    linear = np.clip(linear, 0, 1)
    return np.where(linear < 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def quaternion_matrix(q):
    x, y, z, w = q / max(1e-12, float(np.linalg.norm(q)))
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def _local_matrix(node, pose):
    if 'matrix' in node and not pose:
        return np.array(node['matrix'], np.float64).reshape(4, 4).T
    m = np.eye(4)
    scale = pose.get('scale', node.get('scale', [1, 1, 1]))
    rotation = pose.get('rotation', node.get('rotation', [0, 0, 0, 1]))
    m[:3, :3] = quaternion_matrix(np.asarray(rotation, np.float64)) * np.asarray(scale)
    m[:3, 3] = pose.get('translation', node.get('translation', [0, 0, 0]))
    return m


class Gltf:
    """A .gltf or .glb file. `beside(name)` gives the bytes of a file that it refers to."""

    def __init__(self, content, beside):
        self._beside, self._blob = beside, None
        if content[:4] == b'glTF':
            (length,) = struct.unpack('<I', content[12:16])
            self.json = json.loads(content[20 : 20 + length])
            self._blob = content[28 + length :]
        else:
            self.json = json.loads(content)
        for name in self.json.get('extensionsRequired', []):
            if name != 'KHR_materials_unlit':
                raise UnsupportedError('needs %s' % name)
        self._buffers, self._images = {}, {}

    def _resource(self, uri):
        if uri.startswith('data:'):
            return base64.b64decode(uri.split(',', 1)[1])
        return self._beside(unquote(uri))

    def _buffer(self, i):
        if i not in self._buffers:
            uri = self.json['buffers'][i].get('uri')
            self._buffers[i] = self._blob if uri is None else self._resource(uri)
        return self._buffers[i]

    def _view(self, i):
        view = self.json['bufferViews'][i]
        start = view.get('byteOffset', 0)
        return self._buffer(view['buffer'])[start : start + view['byteLength']], view

    def accessor(self, i):
        """An accessor as float64 or integer array [count, size]; normalised integers as floats."""
        a = self.json['accessors'][i]
        if 'sparse' in a or 'bufferView' not in a:
            raise UnsupportedError('a sparse or empty accessor')
        data, view = self._view(a['bufferView'])
        dtype, size = np.dtype(COMPONENTS[a['componentType']]), SIZES[a['type']]
        start, stride = a.get('byteOffset', 0), view.get('byteStride') or dtype.itemsize * size
        if start + (a['count'] - 1) * stride + dtype.itemsize * size > len(data):
            raise ValueError('accessor %d reaches past its buffer' % i)
        values = np.ndarray((a['count'], size), dtype, data, start, (stride, dtype.itemsize))
        if a.get('normalized'):
            return np.maximum(values / float(np.iinfo(dtype).max), -1.0)
        return values.astype(np.float64) if dtype.kind == 'f' else values.astype(np.int64)

    def image(self, i):
        """A picture as uint8 [height, width, 3], RGB; None where it cannot be read."""
        if i not in self._images:
            entry = self.json['images'][i]
            data = (
                self._resource(entry['uri'])
                if 'uri' in entry
                else self._view(entry['bufferView'])[0]
            )
            picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
            self._images[i] = None if picture is None else picture[..., ::-1]
        return self._images[i]

    def clips(self):
        return [a.get('name', '') for a in self.json.get('animations', [])]

    def _pose(self, clip, moment):
        """{node: {path: value}} of an animation at a moment 0..1; keys are not interpolated."""
        pose = {}
        if clip is None:
            return pose
        animation = self.json['animations'][clip]
        for channel in animation['channels']:
            sampler = animation['samplers'][channel['sampler']]
            path, node = channel['target']['path'], channel['target'].get('node')
            if node is None or path == 'weights':
                continue
            times, values = self.accessor(sampler['input'])[:, 0], self.accessor(sampler['output'])
            if sampler.get('interpolation') == 'CUBICSPLINE':
                values = values[1::3]
            key = int(np.searchsorted(times, moment * times[-1]))
            pose.setdefault(node, {})[path] = values[min(key, len(values) - 1)]
        return pose

    def _globals(self, pose):
        nodes = self.json.get('nodes', [])
        found = {}

        def visit(i, above):
            found[i] = above @ _local_matrix(nodes[i], pose.get(i, {}))
            for child in nodes[i].get('children', []):
                visit(child, found[i])

        scene = self.json['scenes'][self.json.get('scene', 0)]
        for root in scene['nodes']:
            visit(root, np.eye(4))
        return found

    def _colours(self, primitive, corners, attributes):
        """sRGB colour of every corner, float64 [triangles, 3, 3] in 0..1."""
        materials = self.json.get('materials', [])
        material = materials[primitive['material']] if 'material' in primitive else {}
        surface = material.get('pbrMetallicRoughness', {})
        factor = np.array(surface.get('baseColorFactor', [1, 1, 1, 1])[:3], np.float64)
        colours = np.broadcast_to(srgb(factor), (*corners.shape, 3)).copy()
        texture = surface.get('baseColorTexture')
        picture = None
        if texture is not None:
            source = self.json['textures'][texture['index']].get('source')
            picture = None if source is None else self.image(source)
        name = 'TEXCOORD_%d' % (texture or {}).get('texCoord', 0)
        if picture is not None and name in attributes:
            uv = self.accessor(attributes[name])[corners]
            uv = uv + (uv.mean(1, keepdims=True) - uv) * INSET
            height, width = picture.shape[:2]
            x = np.floor((uv[..., 0] % 1) * width).astype(int).clip(0, width - 1)
            y = np.floor((uv[..., 1] % 1) * height).astype(int).clip(0, height - 1)
            colours = colours * (picture[y, x] / 255.0)
        if 'COLOR_0' in attributes:
            tint = self.accessor(attributes['COLOR_0'])[corners][..., :3]
            colours = colours * srgb(tint.astype(np.float64))
        return colours

    def triangles(self, clip=None, moment=0.0):
        """Positions [n, 3, 3], normals [n, 3, 3], colours [n, 3, 3], and a surface number [n].

        The surface number tells apart node and material. `clip` names an animation by its number.
        """
        pose = self._pose(clip, moment)
        world = self._globals(pose)
        out, surface = [], 0
        for i, matrix in sorted(world.items()):
            node = self.json['nodes'][i]
            if 'mesh' not in node:
                continue
            joints = None
            if 'skin' in node:
                skin = self.json['skins'][node['skin']]
                inverse = self.accessor(skin['inverseBindMatrices']).reshape(-1, 4, 4)
                joints = np.stack([world[j] @ m.T for j, m in zip(skin['joints'], inverse)])
            for primitive in self.json['meshes'][node['mesh']]['primitives']:
                surface += 1
                if primitive.get('mode', TRIANGLES) != TRIANGLES:
                    continue
                attributes = primitive['attributes']
                points = self.accessor(attributes['POSITION'])
                if 'indices' in primitive:
                    corners = self.accessor(primitive['indices'])[:, 0]
                else:
                    corners = np.arange(len(points))
                corners = corners[: len(corners) // 3 * 3].reshape(-1, 3)
                if joints is not None and 'JOINTS_0' in attributes:
                    bones = self.accessor(attributes['JOINTS_0'])
                    weight = self.accessor(attributes['WEIGHTS_0']).astype(np.float64)
                    weight = weight / np.maximum(1e-9, weight.sum(1, keepdims=True))
                    matrices = np.einsum('vk,vkij->vij', weight, joints[bones])
                else:
                    matrices = np.broadcast_to(matrix, (len(points), 4, 4))
                positions = (
                    np.einsum('vij,vj->vi', matrices[:, :3, :3], points) + matrices[:, :3, 3]
                )
                p = positions[corners]
                flat = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
                if 'NORMAL' in attributes:
                    normals = self.accessor(attributes['NORMAL']).astype(np.float64)
                    normals = np.einsum('vij,vj->vi', matrices[:, :3, :3], normals)[corners]
                else:
                    normals = np.repeat(flat[:, None], 3, 1)
                length = np.linalg.norm(normals, axis=-1, keepdims=True)
                normals = normals / np.maximum(1e-12, length)
                solid = np.linalg.norm(flat, axis=-1) > 1e-14
                colours = self._colours(primitive, corners, attributes)
                number = np.full(len(corners), surface)
                out.append([a[solid] for a in (p, normals, colours, number)])
        if not out:
            raise UnsupportedError('no triangles')
        return tuple(np.concatenate(group) for group in zip(*out))
