import type { TransposedConvolutionSizes } from './pack-transposed-weight.ts';

/** The definition in float64: x NHWC, weight [channels, outputs, kh, kw], no epilogue. */
export function transposedConvolutionReference(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  sizes: TransposedConvolutionSizes,
): Float64Array {
  const { batch, height, width, channels, outputs, kernel, stride } = sizes;
  const outHeight = (height - 1) * stride[0] + kernel[0];
  const outWidth = (width - 1) * stride[1] + kernel[1];
  const y = new Float64Array(batch * outHeight * outWidth * outputs);
  for (let pixel = 0; pixel < batch * height * width; pixel++) {
    const image = Math.floor(pixel / (height * width));
    const row = Math.floor(pixel / width) % height;
    const column = pixel % width;
    for (let ky = 0; ky < kernel[0]; ky++) {
      for (let kx = 0; kx < kernel[1]; kx++) {
        const outRow = image * outHeight + row * stride[0] + ky;
        const start = (outRow * outWidth + column * stride[1] + kx) * outputs;
        for (let output = 0; output < outputs; output++) {
          for (let channel = 0; channel < channels; channel++) {
            const tap = ((channel * outputs + output) * kernel[0] + ky) * kernel[1] + kx;
            y[start + output]! += x[pixel * channels + channel]! * weight[tap]!;
          }
        }
      }
    }
  }
  return y;
}
