"""The image encoder: convolutions to stride 16, four attention blocks, features at three scales."""

import torch.nn as nn
import torch.nn.functional as F

from .layers import ConvBN, ResidualBlock, VitBlock, layer_norm


def _tokens(x):
    """[batch, width, rows, columns] -> [batch, rows * columns, width]"""
    batch, width, rows, columns = x.shape
    return x.permute(0, 2, 3, 1).reshape(batch, rows * columns, width)


def _double(x):
    return F.interpolate(x, scale_factor=2, mode='nearest')


class Encoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.stem1 = ConvBN(3, c['stem'], 3, 2)
        self.stem2 = ConvBN(c['stem'], c['c1'], 3, 2)
        self.s1 = nn.ModuleList([ResidualBlock(c['c1']) for _ in range(c['n1'])])
        self.down1 = ConvBN(c['c1'], c['c2'], 3, 2)
        self.s2 = nn.ModuleList([ResidualBlock(c['c2']) for _ in range(c['n2'])])
        self.down2 = ConvBN(c['c2'], c['dim'], 3, 2)
        self.vit = nn.ModuleList(
            [VitBlock(c['dim'], c['vit_heads'], c['vit_mlp']) for _ in range(c['vit_blocks'])]
        )
        self.neck, self.neck_ln = nn.Linear(c['dim'], c['embed']), nn.LayerNorm(c['embed'])
        self.lat8, self.top8 = nn.Conv2d(c['c2'], c['hi8'], 1), nn.Conv2d(c['embed'], c['hi8'], 1)
        self.out8 = nn.Conv2d(c['hi8'], c['hi8'], 3, 1, 1)
        self.lat4, self.top4 = nn.Conv2d(c['c1'], c['hi4'], 1), nn.Conv2d(c['hi8'], c['hi4'], 1)
        self.out4 = nn.Conv2d(c['hi4'], c['hi4'], 3, 1, 1)

    def forward(self, x):
        """x [batch, 3, side, side], normalised; with cells = (side / 16)^2:

        -> embed [batch, cells, 128], feat8 [batch, 4 cells, 64], feat4 [batch, 16 cells, 24]
        """
        x = F.relu(self.stem1(x))
        x = F.relu(self.stem2(x))
        for block in self.s1:
            x = block(x)
        x4 = x
        x = F.relu(self.down1(x))
        for block in self.s2:
            x = block(x)
        x8 = x
        x = F.relu(self.down2(x))
        for block in self.vit:
            x = block(x)
        batch, _, rows, columns = x.shape
        embed = layer_norm(self.neck(_tokens(x)), self.neck_ln)
        grid = embed.view(batch, rows, columns, -1).permute(0, 3, 1, 2)
        feat8 = self.out8(F.relu(self.lat8(x8) + _double(self.top8(grid))))
        feat4 = self.out4(F.relu(self.lat4(x4) + _double(self.top4(F.relu(feat8)))))
        return embed, _tokens(feat8), _tokens(feat4)
