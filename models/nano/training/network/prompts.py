"""Parameter-free halves of the prompt encoder: Fourier positions and guide maps."""

import math

import torch

from .config import BOX_END, BOX_START, EXCLUDE, FINE_STRIDE, INCLUDE


def fourier(position, frequencies):
    """Random-Fourier encoding of [..., 2] in 0..1 with [2, n] frequencies: [..., 2 n].

    In float32 even under autocast: bfloat16 would blur a position by about a pixel.
    """
    with torch.autocast(position.device.type, enabled=False):
        angle = (2 * position.float() - 1) @ frequencies.float() * (2 * math.pi)
        return torch.cat([angle.sin(), angle.cos()], -1)


def grid_positions(cells, device):
    """Centres of a cells x cells grid, x and y in 0..1, row-major: [cells * cells, 2]"""
    r = (torch.arange(cells, device=device).float() + 0.5) / cells
    x, y = r[None].expand(cells, cells), r[:, None].expand(cells, cells)
    return torch.stack([x, y], -1).reshape(cells * cells, 2)


def guide_maps(points, labels, side):
    """Prompts drawn at stride 4: [prompts, 3, side / 4, side / 4]

    Gaussian spots (sigma two cells) for clicks that include, the same for those that exclude, and
    the filled box. points [prompts, n, 2] in input pixels, labels [prompts, n].
    """
    r = torch.arange(side // FINE_STRIDE, device=points.device).float()
    cell = (points.float() + 0.5) / FINE_STRIDE - 0.5
    dx, dy = cell[..., 0, None, None] - r, cell[..., 1, None, None] - r[:, None]
    spots = torch.exp((dy**2 + dx**2) * -0.125)  # [prompts, n, rows, columns]

    def brightest(label):
        return (spots * (labels == label)[..., None, None]).amax(1)

    def edge(label, axis):  # far outside when there is no box
        outside = torch.full_like(cell[..., axis], -9e9)
        return torch.where(labels == label, cell[..., axis], outside).amax(1)[:, None]

    def between(start, end):
        return ((r >= start - 0.5) & (r <= end + 0.5)).float()

    columns = between(edge(BOX_START, 0), edge(BOX_END, 0))
    rows = between(edge(BOX_START, 1), edge(BOX_END, 1))
    box = columns[:, None] * rows[:, :, None]
    return torch.stack([brightest(INCLUDE), brightest(EXCLUDE), box], 1)
