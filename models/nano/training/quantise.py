"""Weights as whole numbers of 8 bits: one scale per output channel.

In the file, tensor X is I8 and X.scale beside it F32, as @samgpu/weights reads them; everything
that is no large matrix stays float16.
"""

import json

import numpy as np
import torch.nn as nn

CHANNEL_AXES = 'samgpu.channel_axes'  # metadata: channels that do not lie along axis 0
SMALLEST = 1024  # values, for a tensor to be worth a scale per channel
CLIPS = np.linspace(0.7, 1.0, 31)  # of the largest magnitude: what 127 may stand for
SUFFIX = '.scale'


def channel_axes(model):
    """Axis of the output channels of every weight that may be quantised, by name."""
    axes = {}
    for name, module in model.named_modules():
        if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            axis = 1 if isinstance(module, nn.ConvTranspose2d) else 0
            if module.weight.numel() >= SMALLEST:
                axes[name + '.weight'] = axis
    return axes


def quantise(values, axis):
    """int8 numbers in the shape of `values`, and float32 scales [channels].

    Scales are those of CLIPS that give the least squared error, channel by channel.
    """
    rows = np.moveaxis(values.astype(np.float64), axis, 0).reshape(values.shape[axis], -1)
    largest = np.maximum(np.abs(rows).max(1), 1e-12)
    best = np.full(len(rows), np.inf)
    scale = np.zeros(len(rows), np.float32)
    for clip in CLIPS:
        trial = (largest * clip / 127).astype(np.float32)
        numbers = np.clip(np.rint(rows / trial[:, None]), -127, 127)
        error = ((numbers * trial[:, None] - rows) ** 2).sum(1)
        scale, best = np.where(error < best, trial, scale), np.minimum(error, best)
    shape = [1] * values.ndim
    shape[axis] = -1
    numbers = np.clip(np.rint(values / scale.reshape(shape)), -127, 127)
    return numbers.astype(np.int8), scale.astype(np.float32)


def quantised_tensors(model, half):
    """The tensors of `export.half_tensors`, large matrices in int8, and the metadata."""
    axes, state, out = channel_axes(model), model.state_dict(), {}
    for name, value in half.items():
        if name in axes:
            out[name], out[name + SUFFIX] = quantise(state[name].numpy(), axes[name])
        else:
            out[name] = value
    odd = {name: axis for name, axis in axes.items() if axis}
    return out, {CHANNEL_AXES: json.dumps(odd, separators=(',', ':'))}


def dequantised(tensors, metadata):
    """name -> float32 array, of a file that may hold int8."""
    axes = json.loads(metadata.get(CHANNEL_AXES, '{}'))
    out = {}
    for name, value in tensors.items():
        if name.endswith(SUFFIX) and name[: -len(SUFFIX)] in tensors:
            continue
        out[name] = value.astype(np.float32)
        if value.dtype == np.int8:
            shape = [1] * value.ndim
            shape[axes.get(name, 0)] = -1
            out[name] = out[name] * tensors[name + SUFFIX].reshape(shape)
    return out
