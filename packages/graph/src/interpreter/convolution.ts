import type { GraphNode } from '../node.ts';
import { emptyArray, type NumericArray, operand } from './array.ts';

type Four = readonly [number, number, number, number];

export function conv2d(node: GraphNode<'conv2d'>, inputs: readonly NumericArray[]): NumericArray {
  const x = operand(inputs, 0);
  const weight = operand(inputs, 1);
  const bias = node.attributes.bias ? operand(inputs, 2).data : undefined;
  const { stride, padding, dilation, groups } = node.attributes;
  const [batch, height, width, channels] = x.shape as Four;
  const [, outHeight, outWidth, out] = node.shape as Four;
  const [, inPerGroup, kernelHeight, kernelWidth] = weight.shape as Four;
  const outPerGroup = out / groups;
  const kernel = channelsLast(weight); // [kernelHeight, kernelWidth, inPerGroup, out]
  const result = emptyArray(node.shape);

  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        const start = ((n * outHeight + oy) * outWidth + ox) * out;
        const sums = result.data.subarray(start, start + out);
        if (bias !== undefined) {
          sums.set(bias);
        }
        for (let ky = 0; ky < kernelHeight; ky++) {
          const y = oy * stride[0] - padding[0] + ky * dilation[0];
          for (let kx = 0; kx < kernelWidth; kx++) {
            const column = ox * stride[1] - padding[1] + kx * dilation[1];
            if (y < 0 || y >= height || column < 0 || column >= width) {
              continue; // padding is zero
            }
            const pixel = ((n * height + y) * width + column) * channels;
            for (let c = 0; c < channels; c++) {
              const value = x.data[pixel + c] ?? 0;
              const group = Math.floor(c / inPerGroup);
              const row = ((ky * kernelWidth + kx) * inPerGroup + (c % inPerGroup)) * out;
              for (let o = group * outPerGroup; o < (group + 1) * outPerGroup; o++) {
                sums[o] = (sums[o] ?? 0) + value * (kernel[row + o] ?? 0);
              }
            }
          }
        }
      }
    }
  }
  return result;
}

export function convTranspose2d(
  node: GraphNode<'convTranspose2d'>,
  inputs: readonly NumericArray[],
): NumericArray {
  const x = operand(inputs, 0);
  const weight = operand(inputs, 1);
  const bias = node.attributes.bias ? operand(inputs, 2).data : undefined;
  const { stride } = node.attributes;
  const [batch, height, width, channels] = x.shape as Four;
  const [, outHeight, outWidth, out] = node.shape as Four;
  const [, , kernelHeight, kernelWidth] = weight.shape as Four;
  const result = emptyArray(node.shape);
  if (bias !== undefined) {
    for (let start = 0; start < result.data.length; start += out) {
      result.data.set(bias, start);
    }
  }
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < height; y++) {
      for (let column = 0; column < width; column++) {
        for (let c = 0; c < channels; c++) {
          const value = x.data[((n * height + y) * width + column) * channels + c] ?? 0;
          for (let o = 0; o < out; o++) {
            for (let ky = 0; ky < kernelHeight; ky++) {
              for (let kx = 0; kx < kernelWidth; kx++) {
                const oy = y * stride[0] + ky;
                const ox = column * stride[1] + kx;
                const target = ((n * outHeight + oy) * outWidth + ox) * out + o;
                const tap = ((c * out + o) * kernelHeight + ky) * kernelWidth + kx;
                result.data[target] = (result.data[target] ?? 0) + value * (weight.data[tap] ?? 0);
              }
            }
          }
        }
      }
    }
  }
  return result;
}

// [out, in, kh, kw] -> [kh, kw, in, out], so that the innermost loop reads neighbours.
function channelsLast({ shape, data }: NumericArray): Float64Array {
  const [out, channels, height, width] = shape as Four;
  const result = new Float64Array(data.length);
  for (let o = 0; o < out; o++) {
    for (let c = 0; c < channels; c++) {
      for (let tap = 0; tap < height * width; tap++) {
        result[(tap * channels + c) * out + o] =
          data[(o * channels + c) * height * width + tap] ?? 0;
      }
    }
  }
  return result;
}
