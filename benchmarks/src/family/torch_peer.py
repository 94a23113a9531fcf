"""The official PyTorch code on the CPU, driven by lines of JSON: see torch-peer.ts.

Usage: torch_peer.py FOLDER, which holds checkouts of the official repositories:
segment-anything, MobileSAM, EfficientSAM.
"""

import json
import re
import struct
import sys
import time
import types

import numpy as np
import torch

torch.set_num_threads(2)
torch.set_grad_enabled(False)

DTYPES = {'F32': np.float32, 'I64': np.int64}


def read_safetensors(path):
    with open(path, 'rb') as file:
        (length,) = struct.unpack('<Q', file.read(8))
        header = json.loads(file.read(length))
        data = np.frombuffer(file.read(), np.uint8)
    header.pop('__metadata__', None)
    state = {}
    for name, entry in header.items():
        begin, end = entry['data_offsets']
        values = data[begin:end].view(DTYPES[entry['dtype']]).reshape(entry['shape'])
        state[name] = torch.from_numpy(values.copy())
    return state


def stand_in_for_timm():
    """What MobileSAM imports of timm, as far as inference needs it."""
    layers = types.ModuleType('timm.models.layers')
    registry = types.ModuleType('timm.models.registry')

    class DropPath(torch.nn.Identity):
        def __init__(self, drop_prob=0.0):
            super().__init__()
            self.drop_prob = drop_prob

    layers.DropPath = DropPath
    layers.to_2tuple = lambda x: tuple(x) if isinstance(x, (tuple, list)) else (x, x)
    layers.trunc_normal_ = lambda tensor, **_: tensor
    registry.register_model = lambda function: function
    sys.modules.update(
        {
            'timm': types.ModuleType('timm'),
            'timm.models': types.ModuleType('timm.models'),
            'timm.models.layers': layers,
            'timm.models.registry': registry,
        }
    )


class Sam:
    """SAM and MobileSAM: the predictor's own steps after preprocessing."""

    def __init__(self, model):
        self.model = model

    def encode(self, image):
        self.embedding = self.model.image_encoder(image)

    def decode(self, points):
        count = len(points)
        coordinates = torch.tensor(points, dtype=torch.float32)[:, None, :]
        labels = torch.ones(count, 1)
        sparse, dense = self.model.prompt_encoder(
            points=(coordinates, labels), boxes=None, masks=None
        )
        logits, _ = self.model.mask_decoder(
            image_embeddings=self.embedding,
            image_pe=self.model.prompt_encoder.get_dense_pe(),
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=True,
        )
        return logits


class EfficientSam:
    def __init__(self, model):
        self.model = model

    def encode(self, image):
        self.embedding = self.model.image_encoder(image)

    def decode(self, points):
        coordinates = torch.tensor(points, dtype=torch.float32)[None, :, None, :]
        labels = torch.ones(1, len(points), 1)
        logits, _ = self.model.predict_masks(
            self.embedding, coordinates, labels, True, 1024, 1024, -1, -1
        )
        return logits[0]


def build(model, folder):
    if model == 'sam-vit-b':
        sys.path.insert(0, folder + '/segment-anything')
        from segment_anything import sam_model_registry

        return Sam, sam_model_registry['vit_b']()
    if model == 'mobile-sam':
        stand_in_for_timm()
        sys.path.insert(0, folder + '/MobileSAM')
        from mobile_sam import sam_model_registry

        return Sam, sam_model_registry['vit_t']()
    if model == 'efficient-sam-ti':
        sys.path.insert(0, folder + '/EfficientSAM')
        from efficient_sam.efficient_sam import build_efficient_sam

        return EfficientSam, build_efficient_sam(192, 3)
    raise ValueError('unknown model ' + model)


def main():
    folder = sys.argv[1]
    for line in sys.stdin:
        request = json.loads(line)
        answer = {}
        if request['do'] == 'load':
            kind, network = build(request['model'], folder)
            network.train()
            network.load_state_dict(read_safetensors(request['weights']), strict=False)
            network.eval()
            peer = kind(network)
            values = np.fromfile(request['image'], np.float32).reshape(1, 1024, 1024, 3)
            image = torch.from_numpy(values).permute(0, 3, 1, 2).contiguous()
            answer['version'] = torch.__version__
            answer['blas'] = re.search(r'BLAS_INFO=(\w+)', torch.__config__.show()).group(1)
        else:
            start = time.perf_counter()
            if request['do'] == 'encode':
                peer.encode(image)
            else:
                logits = peer.decode(request['points'])
            answer['milliseconds'] = (time.perf_counter() - start) * 1000
            if 'output' in request:
                logits.contiguous().numpy().astype(np.float32).tofile(request['output'])
        print(json.dumps(answer), flush=True)


main()
