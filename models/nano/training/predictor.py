"""Inference on one picture, as the TypeScript package does it."""

import cv2
import torch
import torch.nn.functional as F

from interaction import LOGIT_LIMIT
from network import normalise
from network.config import BOX_END, BOX_START, FINE_STRIDE, PADDING


class Predictor:
    """Encodes a picture once, then answers prompts. Points are pixels of the picture, x and y."""

    def __init__(self, model, side):
        self.model, self.side = model, side

    @torch.no_grad()
    def set_image(self, picture):
        """picture: uint8 [height, width, 3], RGB. Fitted into the square, padded right and below.

        Shrinks with an area filter, enlarges bilinearly.
        """
        self.height, self.width = picture.shape[:2]
        self.scale = self.side / max(self.height, self.width)
        self.columns, self.rows = round(self.width * self.scale), round(self.height * self.scale)
        smooth = cv2.INTER_AREA if self.scale < 1 else cv2.INTER_LINEAR
        fitted = cv2.resize(picture, (self.columns, self.rows), interpolation=smooth)
        self.input = torch.zeros(1, 3, self.side, self.side)
        self.input[:, :, : self.rows, : self.columns] = normalise(torch.from_numpy(fitted)[None])
        self.features = self.model.encode(self.input)

    @torch.no_grad()
    def predict(self, points, labels, box=None, previous=None):
        """-> logits [4, side / 4, side / 4] and predicted IoU [4]

        box: x0, y0, x1, y1, ends included. previous: logits [side / 4, side / 4] to start from.
        """
        # Two slots for the box, then the clicks; whatever is missing is padding.
        slots, kinds = [[0, 0], [0, 0]], [PADDING, PADDING]
        if box is not None:
            slots, kinds = [list(box[:2]), list(box[2:])], [BOX_START, BOX_END]
        slots += [list(p) for p in points] or [[0, 0]]
        kinds += list(labels) or [PADDING]
        scaled = (torch.tensor(slots).float() + 0.5) * self.scale - 0.5
        if previous is not None:
            previous = previous[None, None].clamp(-LOGIT_LIMIT, LOGIT_LIMIT)
        first = torch.zeros(1, dtype=torch.long)
        logits, quality = self.model.decode(
            self.features, first, scaled[None], torch.tensor(kinds)[None], previous, self.side
        )
        return logits[0], quality[0]

    def mask(self, logits):
        """Logits [side / 4, side / 4] -> bool [height, width] of the picture."""
        fine = F.interpolate(
            logits[None, None], scale_factor=FINE_STRIDE, mode='bilinear', align_corners=False
        )[0, 0]
        fine = fine[: self.rows, : self.columns].numpy()
        return cv2.resize(fine, (self.width, self.height), interpolation=cv2.INTER_LINEAR) > 0
