"""Layers that encoder and decoder share. Token tensors are [batch, tokens, channels]."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def layer_norm(x, module):
    """LayerNorm with epsilon 1e-6, in float32 whatever precision surrounds it."""
    y = F.layer_norm(x.float(), (x.shape[-1],), module.weight, module.bias, 1e-6)
    return y.to(x.dtype)


def attend(q, k, v):
    """Softmax attention of [batch, heads, tokens, size]; the head size sets the scale.

    On CUDA one fused kernel, which keeps no [tokens, tokens] matrix for the backward pass.
    """
    if q.is_cuda and hasattr(F, 'scaled_dot_product_attention'):
        return F.scaled_dot_product_attention(q, k, v)
    return ((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)).softmax(-1) @ v


class ConvBN(nn.Module):
    """Convolution and batch norm. Folding makes it a convolution with a bias."""

    def __init__(self, inputs, outputs, size=3, stride=1, zero=False):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
        self.bn = nn.BatchNorm2d(outputs)
        if zero:
            nn.init.zeros_(self.bn.weight)

    def forward(self, x):
        if isinstance(self.bn, nn.Identity):
            return self.conv(x)
        return self.bn(self.conv(x))

    def fold(self):
        """Moves the running statistics into the convolution. For inference only.

        Computed by NumPy, whose square root and division are exact to the last bit: every version
        of torch then exports the same bytes.
        """
        if isinstance(self.bn, nn.Identity):
            return
        norm, conv = self.bn, self.conv
        values = (norm.weight, norm.bias, norm.running_mean, norm.running_var, conv.weight)
        gain, bias, mean, variance, weight = (v.detach().cpu().numpy() for v in values)
        scale = gain / np.sqrt(variance + np.float32(norm.eps))
        folded = nn.Conv2d(
            conv.in_channels,
            conv.out_channels,
            conv.kernel_size,
            conv.stride,
            conv.padding,
            bias=True,
        )
        folded.weight.data = torch.from_numpy(weight * scale[:, None, None, None])
        folded.bias.data = torch.from_numpy(bias - mean * scale)
        self.conv, self.bn = folded, nn.Identity()


class ResidualBlock(nn.Module):
    """relu(x + conv(relu(conv(x)))); starts as the identity."""

    def __init__(self, width):
        super().__init__()
        self.a, self.b = ConvBN(width, width), ConvBN(width, width, zero=True)

    def forward(self, x):
        return F.relu(x + self.b(F.relu(self.a(x))))


class VitBlock(nn.Module):
    """x += depthwise3x3(x); x += attention(norm(x)); x += mlp(norm(x))"""

    def __init__(self, width, heads, hidden):
        super().__init__()
        self.heads = heads
        self.pos = nn.Conv2d(width, width, 3, 1, 1, groups=width)
        self.ln1 = nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.ln2 = nn.LayerNorm(width)
        self.fc1, self.fc2 = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x):  # [batch, width, height, width], channels last in memory
        batch, width, rows, columns = x.shape
        count = rows * columns
        x = x + self.pos(x)
        t = x.permute(0, 2, 3, 1).reshape(batch, count, width)
        qkv = self.qkv(layer_norm(t, self.ln1))
        q, k, v = qkv.view(batch, count, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        t = t + self.proj(attend(q, k, v).transpose(1, 2).reshape(batch, count, width))
        t = t + self.fc2(F.gelu(self.fc1(layer_norm(t, self.ln2))))
        return t.view(batch, rows, columns, width).permute(0, 3, 1, 2)


class Attention(nn.Module):
    """Multi-head attention, computed at 1/down of the tokens' width."""

    def __init__(self, width, heads, down=1):
        super().__init__()
        inner = width // down
        self.heads = heads
        self.q, self.k = nn.Linear(width, inner), nn.Linear(width, inner)
        self.v, self.o = nn.Linear(width, inner), nn.Linear(inner, width)

    def _split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, q, k, v):
        batch, count, _ = q.shape
        a = attend(self._split(self.q(q)), self._split(self.k(k)), self._split(self.v(v)))
        return self.o(a.transpose(1, 2).reshape(batch, count, -1))


class TwoWayLayer(nn.Module):
    """Prompt tokens and image tokens look at each other, as in SAM's mask decoder."""

    def __init__(self, width, heads, hidden, down):
        super().__init__()
        self.self_attn = Attention(width, heads)
        self.t2i, self.i2t = Attention(width, heads, down), Attention(width, heads, down)
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.ln3, self.ln4 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.fc1, self.fc2 = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, tokens, image, token_position, image_position, first):
        """tokens [prompts, n, width], image [prompts, cells, width] -> both, updated."""
        if first:  # the tokens are still their own positions
            tokens = self.self_attn(tokens, tokens, tokens)
        else:
            q = tokens + token_position
            tokens = tokens + self.self_attn(q, q, tokens)
        tokens = layer_norm(tokens, self.ln1)
        placed = image + image_position
        seen = self.t2i(tokens + token_position, placed, image)
        tokens = layer_norm(tokens + seen, self.ln2)
        tokens = layer_norm(tokens + self.fc2(F.relu(self.fc1(tokens))), self.ln3)
        image = layer_norm(image + self.i2t(placed, tokens + token_position, tokens), self.ln4)
        return tokens, image
