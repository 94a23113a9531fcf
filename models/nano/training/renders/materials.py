"""What the surfaces of a scene look like: rows of the material table that `shade` reads."""

import numpy as np

from scenes.surfaces import random_colour

from .shade import (
    COLUMNS,
    FIELD,
    FIELD2,
    GAIN,
    GAIN2,
    GLOSS,
    MIX,
    SCALE,
    SCALE2,
    SHINE,
    TINT,
)

FIELDS = 14  # noise fields per scene


class Materials:
    """The table as it grows, and the noise fields that its rows point to."""

    def __init__(self, bank):
        self.rng, self.rows = bank.rng, []
        chosen = self.rng.choice(len(bank.fields), FIELDS, replace=False)
        self.fields = np.stack([bank.fields[i] for i in chosen])

    def add(self, mix, near=None, loud=1.0, spacing=1.0):
        """A new row, and its number.

        mix: share of the new colour over the model's own. near: colour to start from. loud: factor
        on the pattern. spacing: size of the pattern, in world units per noise field.
        """
        rng, row = self.rng, np.zeros(COLUMNS, np.float32)
        colour = random_colour(rng, near)
        row[TINT : TINT + 3], row[MIX] = colour, mix
        u = rng.random()
        amplitude = rng.uniform(0.0, 0.02) if u < 0.4 else rng.uniform(0.02, 0.08)
        if u > 0.8:
            amplitude = rng.uniform(0.08, 0.2)
        amplitude *= loud
        for field, scale, gain, share in ((FIELD, SCALE, GAIN, 1.0), (FIELD2, SCALE2, GAIN2, 0.4)):
            row[field] = rng.integers(FIELDS) if rng.random() < share else -1
            row[scale] = np.exp(rng.normal(0, 0.7)) / spacing
            direction = rng.normal(0, 0.3, 3) + rng.choice([-1, 1])
            row[gain : gain + 3] = amplitude * direction * (0.4 + colour)
        if rng.random() < 0.35:
            row[GLOSS], row[SHINE] = np.exp(rng.uniform(1.5, 5)), rng.uniform(0.05, 0.6)
        self.rows.append(row)
        return len(self.rows) - 1

    def colour(self, i):
        return self.rows[i][TINT : TINT + 3].astype(np.float64)

    def table(self):
        return np.stack(self.rows)
