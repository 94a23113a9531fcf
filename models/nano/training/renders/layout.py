"""Which models stand where: sizes, places, heaps and rows, and the labels that go with them."""

import numpy as np

from scenes.canvas import CROWDED, LAST_OBJECT_ID, LAST_PART_ID, STUFF_IDS

TRIES = 12  # places that are looked at for one object
TRIANGLES = 160_000  # after which a scene takes no further object


def turn(rng, tumbled):
    """A rotation about the upright axis, or about any."""
    if tumbled:
        q, r = np.linalg.qr(rng.standard_normal((3, 3)))
        q = q * np.sign(np.diag(r))
        return q if np.linalg.det(q) > 0 else -q
    angle = rng.uniform(0, 2 * np.pi)
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


class Layout:
    """The triangles of a scene, and the labels and materials that they carry."""

    def __init__(self, rng, models, materials, camera):
        self.rng, self.models, self.materials, self.camera = rng, models, materials, camera
        self.walls = []  # (normal, offset): objects stay on their inner side
        self.placed = []  # (x, z, radius) of what stands on the ground
        self.parts, self.objects, self.triangles = STUFF_IDS, STUFF_IDS, 0
        self.batches = []

    def full(self):
        crowded = self.parts >= CROWDED or self.objects >= LAST_OBJECT_ID
        return crowded or self.triangles > TRIANGLES

    def choose(self, packs):
        """A model of one of the packs; large packs are chosen more often, but not in proportion."""
        members = [self.models.of_pack(k) for k in packs]
        weight = np.sqrt([len(m) for m in members])
        return int(self.rng.choice(members[self.rng.choice(len(packs), p=weight / weight.sum())]))

    def dress(self, model, ground):
        """Material numbers for the parts of a model."""
        rng = self.rng
        style = rng.random()
        mix = 0.0 if style < 0.45 else rng.uniform(0.3, 1.0)
        hidden = rng.random() < 0.15
        loud = rng.choice([0.5, 1.0, 2.0])
        dressed = []
        for _ in range(self.models.part_count(model)):
            near = ground if hidden else None
            if near is None and dressed and rng.random() < 0.3:
                near = self.materials.colour(dressed[-1])
            share = max(mix, 0.7) if hidden else mix
            dressed.append(self.materials.add(share, near, loud, rng.uniform(0.3, 1.0)))
        return dressed

    def free(self, x, z, radius):
        """Whether an object of that radius can stand there on the ground."""
        for normal, offset in self.walls:
            if normal[0] * x + normal[2] * z < offset + radius:
                return False
        eye = self.camera.eye
        if np.hypot(x - eye[0], z - eye[2]) < radius + 0.35 and eye[1] < 2.2 * radius + 0.3:
            return False
        return all(np.hypot(x - a, z - b) > 0.8 * (radius + r) for a, b, r in self.placed)

    def add(self, model, size, x, z, base, group, dressed, tumbled=False):
        """Puts one object into the scene; returns its box (low, high), None if there is no room.

        base: the height of its lowest point. Only on the ground, at 0, does it need room.
        """
        positions, normals, colours, parts = self.models.model(model)
        rotation = turn(self.rng, tumbled).astype(np.float32)
        local = positions * np.float32(size)
        world = local @ rotation.T
        low, high = world.reshape(-1, 3).min(0), world.reshape(-1, 3).max(0)
        radius = 0.5 * float(max(high[0] - low[0], high[2] - low[2]))
        if base == 0:
            if not self.free(x, z, radius):
                return None
            self.placed.append((x, z, radius))
        middle = (low + high) / 2
        shift = np.float32([x - middle[0], base - low[1], z - middle[2]])
        self.objects = min(LAST_OBJECT_ID, self.objects + 1)
        first = self.parts + 1
        self.parts = min(LAST_PART_ID, self.parts + int(parts.max()) + 1)
        labels = np.empty((len(parts), 3), np.uint8)
        labels[:, 0] = np.minimum(first + parts.astype(int), LAST_PART_ID)
        labels[:, 1] = self.objects
        labels[:, 2] = group or self.objects
        material = np.asarray(dressed, np.int32)[parts]
        self.batches.append((world + shift, local, normals @ rotation.T, colours, material, labels))
        self.triangles += len(parts)
        return low + shift, high + shift

    def sizes(self):
        """Sizes that follow a power law, from the largest to the smallest."""
        rng = self.rng
        count = rng.integers(1, 5) if rng.random() < 0.4 else rng.integers(5, 22)
        smallest, largest, a = 0.18, rng.choice([0.7, 1.2, 1.8]), 0.8
        u = rng.uniform(0, 1, count)
        return np.sort((smallest**-a + u * (largest**-a - smallest**-a)) ** (-1 / a))[::-1]

    def spot(self, size):
        """Where an object might stand: the larger, the nearer to the middle."""
        rng, forward = self.rng, self.camera.flat_forward
        x, z = rng.normal(0, 0.2 + 0.5 / (1 + 2 * size), 2)
        if rng.random() < 0.35:  # somewhere behind
            back, side = rng.uniform(0, 4), rng.normal(0, 1.2)
            x, z = (
                forward[0] * back + forward[2] * side,
                forward[2] * back - forward[0] * side,
            )
        return float(x), float(z)

    def fill(self, packs, ground):
        """Puts objects, rows and heaps into the scene until it has the drawn number of them."""
        rng = self.rng
        for first_size in self.sizes():
            if self.full():
                break
            model = self.choose(packs)
            dressed = self.dress(model, ground)
            tumbled, flying = rng.random() < 0.12, rng.random() < 0.06
            count = 1 if rng.random() < 0.75 else int(rng.integers(2, 7))
            group = min(LAST_OBJECT_ID, self.objects + 1)
            size = first_size
            x, z = self.spot(size)
            for _ in range(count):
                base = rng.uniform(0.1, 1.0) if flying else 0.0
                box = None
                for _ in range(TRIES):
                    box = self.add(model, size, x, z, base, group, dressed, tumbled)
                    if box is not None:
                        break
                    x, z = self.spot(size)
                if box is None or self.full():
                    break
                if rng.random() < 0.25 and not flying:
                    self.heap(box, size, packs, ground, group)
                step = size * rng.uniform(0.7, 1.3)
                angle = rng.uniform(0, 2 * np.pi)
                x, z = x + step * np.cos(angle), z + step * np.sin(angle)
                size = max(0.08, size * rng.uniform(0.85, 1.1))
                if rng.random() < 0.3:
                    dressed = self.dress(model, ground)

    def heap(self, box, size, packs, ground, group):
        """Smaller things on top of a broad one."""
        rng, (low, high) = self.rng, box
        if high[1] - low[1] > 0.9 * min(high[0] - low[0], high[2] - low[2]):
            return
        for _ in range(rng.integers(1, 5)):
            if self.full():
                return
            model = self.choose(packs)
            dressed = self.dress(model, ground)
            x = rng.uniform(0.75 * low[0] + 0.25 * high[0], 0.25 * low[0] + 0.75 * high[0])
            z = rng.uniform(0.75 * low[2] + 0.25 * high[2], 0.25 * low[2] + 0.75 * high[2])
            part = size * rng.uniform(0.12, 0.4)
            self.add(model, part, float(x), float(z), float(high[1]) - 0.01 * part, group, dressed)
