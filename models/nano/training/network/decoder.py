"""Prompt encoder and mask decoder. Attribute names are the names in the weights file."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from .config import EXCLUDE, FINE_STRIDE, INCLUDE, STRIDE
from .layers import Attention, TwoWayLayer, layer_norm
from .prompts import fourier, grid_positions, guide_maps


def _mlp(widths):
    return nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])])


def _run(mlp, x):
    for layer in mlp[:-1]:
        x = F.relu(layer(x))
    return mlp[-1](x)


def _cell(points, side, stride):
    """Row-major index of the grid cell under each point, [...] int64."""
    inside = points.clamp(0, side - 1)
    x, y = (inside[..., 0] / stride).floor().long(), (inside[..., 1] / stride).floor().long()
    return y * (side // stride) + x


def _pick(tokens, index):
    """tokens [prompts, cells, width], index [prompts, n] -> [prompts, n, width]"""
    return torch.gather(tokens, 1, index[..., None].expand(*index.shape, tokens.shape[-1]))


def _upscale(x, module, cells):
    """Transposed convolution 2x2, stride 2, as one linear layer.

    [prompts, cells^2, inputs] -> [prompts, 4 cells^2, outputs]
    """
    prompts, count, width = x.shape
    outputs = module.weight.shape[1]
    weight = module.weight.permute(2, 3, 1, 0).reshape(4 * outputs, width)
    y = F.linear(x, weight, module.bias.repeat(4))
    y = y.view(prompts, cells, cells, 2, 2, outputs).permute(0, 1, 3, 2, 4, 5)
    return y.reshape(prompts, 4 * count, outputs)


class Decoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        d = c['embed']
        self.register_buffer('pe_gauss', torch.randn(2, d // 2))
        # Rows: exclude, include, box start, box end, padding.
        self.label_embed = nn.Parameter(torch.randn(5, d) * 0.5)
        self.pt_feat = nn.Linear(d + c['hi4'], d)
        self.no_mask = nn.Parameter(torch.randn(d) * 0.1)
        first, second = c['mask_in']
        # Inputs: previous logits and the three guide maps.
        self.md1, self.md_ln1 = nn.Conv2d(4, first, 2, 2), nn.LayerNorm(first)
        self.md2, self.md_ln2 = nn.Conv2d(first, second, 2, 2), nn.LayerNorm(second)
        self.md3 = nn.Conv2d(second, d, 1)
        # Rows: quality, then the masks.
        self.out_tokens = nn.Parameter(torch.randn(1 + c['masks'], d) * 0.5)
        heads, hidden, down = c['dec_heads'], c['dec_mlp'], c['dec_down']
        self.layers = nn.ModuleList(
            [TwoWayLayer(d, heads, hidden, down) for _ in range(c['dec_layers'])]
        )
        self.final, self.final_ln = Attention(d, heads, down), nn.LayerNorm(d)
        self.up1, self.up_ln = nn.ConvTranspose2d(d, c['hi8'], 2, 2), nn.LayerNorm(c['hi8'])
        self.up2 = nn.ConvTranspose2d(c['hi8'], c['hi4'], 2, 2)
        self.hyper = nn.ModuleList([_mlp((d, d, d, c['hi4'])) for _ in range(c['masks'])])
        self.iou = _mlp((d, d, d, c['masks']))

    def prompt_tokens(self, points, labels, embed, feat4, side):
        """One token per slot, [prompts, n, 128]: position, label, and what lies under a click."""
        unused = labels < 0
        position = fourier((points.float() + 0.5) / side, self.pe_gauss)
        position = torch.where(unused[..., None], torch.zeros_like(position), position)
        kind = self.label_embed[torch.where(unused, torch.full_like(labels, 4), labels)]
        under = torch.cat(
            [
                _pick(embed, _cell(points, side, STRIDE)),
                _pick(feat4, _cell(points, side, FINE_STRIDE)),
            ],
            -1,
        )
        click = ((labels == EXCLUDE) | (labels == INCLUDE))[..., None]
        return position + kind + self.pt_feat(under) * click

    def dense_prompt(self, previous, points, labels, side):
        """Previous logits and guide maps, brought to the embedding's grid: [prompts, cells, 128]"""
        guides = guide_maps(points, labels, side)
        first = torch.zeros_like(guides[:, :1]) if previous is None else previous
        x = self.md1(torch.cat([first, guides], 1))
        x = F.gelu(layer_norm(x.permute(0, 2, 3, 1), self.md_ln1)).permute(0, 3, 1, 2)
        x = self.md2(x)
        x = F.gelu(layer_norm(x.permute(0, 2, 3, 1), self.md_ln2)).permute(0, 3, 1, 2)
        x = self.md3(x).permute(0, 2, 3, 1).reshape(points.shape[0], (side // STRIDE) ** 2, -1)
        return x + self.no_mask if previous is None else x

    def forward(self, embed, feat8, feat4, points, labels, previous, side):
        """Decodes one prompt per row; the features are those of the prompt's picture.

        points [prompts, n, 2] in input pixels, labels [prompts, n], previous logits
        [prompts, 1, side / 4, side / 4] or None -> logits [prompts, 4, side / 4, side / 4] and
        predicted IoU [prompts, 4].
        """
        prompts, cells, dtype = embed.shape[0], side // STRIDE, embed.dtype
        given = self.prompt_tokens(points, labels, embed, feat4, side).to(dtype)
        outputs = self.out_tokens.to(dtype)[None].expand(prompts, -1, -1)
        tokens = token_position = torch.cat([outputs, given], 1)
        grid = fourier(grid_positions(cells, embed.device), self.pe_gauss)
        image_position = grid.to(dtype)[None]
        image = embed + self.dense_prompt(previous, points, labels, side).to(dtype)
        for i, layer in enumerate(self.layers):
            tokens, image = layer(tokens, image, token_position, image_position, i == 0)
        seen = self.final(tokens + token_position, image + image_position, image)
        tokens = layer_norm(tokens + seen, self.final_ln)

        pixels = _upscale(image, self.up1, cells) + feat8
        pixels = F.relu(layer_norm(pixels, self.up_ln))
        pixels = F.relu(_upscale(pixels, self.up2, 2 * cells) + feat4)  # [prompts, 16 cells^2, 24]
        masks = torch.stack([_run(m, tokens[:, 1 + i]) for i, m in enumerate(self.hyper)], 1)
        logits = (masks @ pixels.transpose(1, 2)).float()
        quality = _run(self.iou, tokens[:, 0]).float().sigmoid()
        return logits.view(prompts, -1, 4 * cells, 4 * cells), quality
