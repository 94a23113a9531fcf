"""OpenCV's guided filter, as it is used to soften masks.

One JSON line in: width, height, paths of RGBA and mask bytes, and where to write. For each radius and
eps, alpha as bytes is written one after another; the settings are answered in that order.
"""

import json
import sys

import cv2
import numpy

SETTINGS = [(radius, eps) for radius in (4, 8, 12, 16) for eps in (1e-6, 1e-4, 1e-2)]

request = json.loads(sys.stdin.readline())
shape = (request["height"], request["width"])
image = numpy.fromfile(request["image"], numpy.uint8).reshape(*shape, 4)
guide = numpy.ascontiguousarray(image[:, :, :3]).astype(numpy.float32) / 255
mask = numpy.fromfile(request["mask"], numpy.uint8).reshape(shape).astype(numpy.float32)
with open(request["output"], "wb") as output:
    for radius, eps in SETTINGS:
        alpha = cv2.ximgproc.guidedFilter(guide, mask, radius, eps)
        output.write((numpy.clip(alpha, 0, 1) * 255 + 0.5).astype(numpy.uint8).tobytes())
print(json.dumps({"settings": SETTINGS, "version": cv2.__version__}))
