"""nano: a promptable segmentation network in the manner of Segment Anything, 2.59 M parameters.

The encoder turns a picture into features once; the decoder turns features and a prompt (clicks, a
box, previous logits) into four masks. Runs with torch >= 1.13 on CPU and CUDA. The side of the
input is any multiple of 16.
"""

import torch.nn as nn

from .config import CONFIG, MEAN, STD
from .decoder import Decoder
from .encoder import Encoder
from .layers import ConvBN

__all__ = ['CONFIG', 'MEAN', 'STD', 'Nano', 'fold_batch_norms', 'normalise']


class Nano(nn.Module):
    def __init__(self, config=None):
        super().__init__()
        self.config = dict(CONFIG, **(config or {}))
        self.encoder, self.decoder = Encoder(self.config), Decoder(self.config)

    def encode(self, x):
        """Normalised pictures [batch, 3, side, side] -> features (see Encoder.forward)."""
        return self.encoder(x)

    def decode(self, features, index, points, labels, previous, side):
        """Decodes prompts (see Decoder.forward); index [prompts] names the picture of each."""
        if not (len(index) == 1 and features[0].shape[0] == 1):
            features = [f.index_select(0, index) for f in features]
        return self.decoder(*features, points, labels, previous, side)


def normalise(pictures):
    """uint8 [batch, side, side, 3] -> float32 [batch, 3, side, side], channels last in memory."""
    x = pictures.float()
    x = (x - x.new_tensor(MEAN)) / x.new_tensor(STD)
    return x.permute(0, 3, 1, 2)


def fold_batch_norms(model):
    """Folds every batch norm into its convolution, in place, and returns the model."""
    for module in model.modules():
        if isinstance(module, ConvBN):
            module.fold()
    return model
