import {
  add,
  conv2d,
  type Conv2dOptions,
  foldBatchNorm,
  gelu,
  type Tensor,
  type Weights,
} from '@samgpu/graph';

/** A convolution and the batch norm behind it (`Conv2d_BN` of tiny_vit_sam.py). */
export function normedConvolution(x: Tensor, w: Weights, options: Conv2dOptions = {}): Tensor {
  return conv2d(x, foldBatchNorm(w.at('c'), w.at('bn')), options);
}

/** The same with a kernel of 3 x 3 for each channel by itself. */
export function depthwiseConvolution(x: Tensor, w: Weights, stride = 1): Tensor {
  const channels = x.shape[3] ?? 0;
  return normedConvolution(x, w, { stride, padding: 1, groups: channels });
}

/** An image to a map of a quarter of its size: `[1, size, size, 3]` to `[1, size / 4, size / 4, width]`. */
export function embedPatches(image: Tensor, w: Weights): Tensor {
  const half = gelu(normedConvolution(image, w.at('seq.0'), { stride: 2, padding: 1 }));
  return normedConvolution(half, w.at('seq.2'), { stride: 2, padding: 1 });
}

/** A block that widens, convolves by channel and narrows again (`MBConv`). `[1, h, w, c]` */
export function convolutionBlock(x: Tensor, w: Weights): Tensor {
  const wide = gelu(normedConvolution(x, w.at('conv1')));
  const local = gelu(depthwiseConvolution(wide, w.at('conv2')));
  // Unlike in most residual blocks, the sum goes through the activation, too.
  return gelu(add(normedConvolution(local, w.at('conv3')), x));
}

/**
 * The step from one layer to the next (`PatchMerging`): `[1, h, w, c]` to `[1, h / stride, w / stride, next c]`.
 */
export function mergePatches(x: Tensor, w: Weights, stride: number): Tensor {
  const widened = gelu(normedConvolution(x, w.at('conv1')));
  const merged = gelu(depthwiseConvolution(widened, w.at('conv2'), stride));
  return normedConvolution(merged, w.at('conv3'));
}
