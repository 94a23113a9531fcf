"""Reads and writes safetensors files: u64 header length, JSON header, raw little-endian data.

The `safetensors` package would do as well; these few lines spare a dependency that Debian does not
package, and write the header in the order in which the tensors are given, so that the same weights
always make the same bytes.
"""

import json
import math
import os
import struct

import numpy as np

DTYPES = {
    'F32': np.dtype('<f4'),
    'F16': np.dtype('<f2'),
    'I32': np.dtype('<i4'),
    'I64': np.dtype('<i8'),
    'U8': np.dtype('u1'),
    'I8': np.dtype('i1'),
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def save(path, tensors, metadata=None):
    """Writes `tensors` (name -> numpy array) in one step: a reader never sees half a file."""
    header, offset, blobs = {}, 0, []
    if metadata:
        header['__metadata__'] = {key: str(value) for key, value in metadata.items()}
    for name, value in tensors.items():
        header[name] = {
            'dtype': NAMES[value.dtype],
            'shape': list(value.shape),
            'data_offsets': [offset, offset + value.nbytes],
        }
        offset += value.nbytes
        blobs.append(value.tobytes())  # in row-major order, whatever the order in memory
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    partial = path + '.tmp'
    with open(partial, 'wb') as file:
        file.write(struct.pack('<Q', len(text)))
        file.write(text)
        for blob in blobs:
            file.write(blob)
    os.replace(partial, path)


def load(path):
    """Reads every tensor of `path` into a dictionary of read-only numpy arrays."""
    return load_with_metadata(path)[0]


def load_with_metadata(path):
    """The tensors of `path`, and its metadata, text by name."""
    with open(path, 'rb') as file:
        (length,) = struct.unpack('<Q', file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop('__metadata__', {})
    tensors = {
        name: np.frombuffer(
            data, DTYPES[entry['dtype']], math.prod(entry['shape']), entry['data_offsets'][0]
        ).reshape(entry['shape'])
        for name, entry in header.items()
    }
    return tensors, metadata
