"""Folds batch norms and writes the weights that are shipped: float16 safetensors, or int8.

    python3 export.py --checkpoint run/last.pt --out nano.safetensors
    python3 export.py --checkpoint run/last.pt --out nano-int8.safetensors --int8

Beside it goes nano.json: configuration, normalisation, step, SHA-256 and the shape of every tensor.
"""

import argparse
import hashlib
import json
import os

import numpy as np

import safetensors_file
from network import MEAN, STD
from quantise import quantised_tensors
from weights import from_checkpoint


def half_tensors(model):
    """name -> float16 array, in the order of the model."""
    tensors = {
        name: value.contiguous().numpy().astype(np.float16)
        for name, value in model.state_dict().items()
    }
    for name, value in tensors.items():
        if not np.isfinite(value).all():
            raise ValueError('%s does not fit into float16, or training has diverged' % name)
    return tensors


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--checkpoint', required=True, help='last.pt of a run')
    parser.add_argument('--out', required=True, help='safetensors file to write')
    parser.add_argument('--raw', action='store_true', help='the latest weights, not the average')
    parser.add_argument('--int8', action='store_true', help='large matrices in 8 bits')
    parser.add_argument('--size', type=int, default=384, help='intended input side, for the JSON')
    options = parser.parse_args()

    model, step = from_checkpoint(options.checkpoint, options.raw)
    tensors = half_tensors(model)
    metadata = {'format': 'pt', 'model': 'nano', 'step': step}
    if options.int8:
        tensors, axes = quantised_tensors(model, tensors)
        metadata.update(axes)
    safetensors_file.save(options.out, tensors, metadata)
    with open(options.out, 'rb') as file:
        content = file.read()
    description = {
        'name': 'nano',
        'input_size': options.size,
        'mean': MEAN,
        'std': STD,
        'config': model.config,
        'training_steps': step,
        'bytes': len(content),
        'sha256': hashlib.sha256(content).hexdigest(),
        'tensors': {name: list(value.shape) for name, value in tensors.items()},
    }
    with open(os.path.splitext(options.out)[0] + '.json', 'w') as file:
        json.dump(description, file, indent=1)
        file.write('\n')
    values = sum(value.size for value in tensors.values())
    print('%d tensors, %d values, %d bytes, step %d' % (len(tensors), values, len(content), step))
    print('sha256 %s' % description['sha256'])


if __name__ == '__main__':
    main()
