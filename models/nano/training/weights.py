"""Models for inference: batch norms folded, from a checkpoint or from an exported file."""

import torch

import checkpoint
import safetensors_file
from network import Nano, fold_batch_norms
from quantise import dequantised


def from_checkpoint(path, raw=False):
    """The averaged weights of a checkpoint (the latest ones if `raw`), and its step."""
    tensors, _ = checkpoint.load(path)
    model = Nano(tensors.get('cfg'))
    model.load_state_dict(tensors['model' if raw else 'ema'])
    return fold_batch_norms(model.eval()), tensors['step']


def from_safetensors(path, config=None):
    """The float16 or int8 weights of an exported file, as a float32 model."""
    model = fold_batch_norms(Nano(config).eval())
    values = dequantised(*safetensors_file.load_with_metadata(path))
    model.load_state_dict({k: torch.from_numpy(v) for k, v in values.items()})
    return model


def add_source(parser):
    """Adds --weights and --checkpoint, one of which names the model."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument('--weights', help='exported safetensors file')
    source.add_argument('--checkpoint', help='last.pt of a run')
    parser.add_argument(
        '--raw', action='store_true', help='of a checkpoint the latest weights, not the average'
    )


def from_options(options):
    """The model that --weights or --checkpoint names, or None."""
    if options.checkpoint:
        return from_checkpoint(options.checkpoint, options.raw)[0]
    return from_safetensors(options.weights) if options.weights else None
