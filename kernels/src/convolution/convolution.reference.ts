import { type ConvolutionSizes, resolveConvolution } from './geometry.ts';

/** The definition in float64: x NHWC, weight [outputs, channels / groups, kh, kw], no epilogue. */
export function convolutionReference(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  sizes: ConvolutionSizes,
): Float64Array {
  const geometry = resolveConvolution(sizes);
  const { height, width, channels, outputs, kernel, stride, padding, dilation } = geometry;
  const { outHeight, outWidth, pixels, groupChannels, groupOutputs } = geometry;
  const y = new Float64Array(pixels * outputs);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const image = Math.floor(pixel / (outHeight * outWidth));
    const outY = Math.floor(pixel / outWidth) % outHeight;
    const outX = pixel % outWidth;
    for (let output = 0; output < outputs; output++) {
      const group = Math.floor(output / groupOutputs);
      let sum = 0;
      for (let ky = 0; ky < kernel[0]; ky++) {
        const row = outY * stride[0] - padding[0] + ky * dilation[0];
        if (row < 0 || row >= height) continue;
        for (let kx = 0; kx < kernel[1]; kx++) {
          const column = outX * stride[1] - padding[1] + kx * dilation[1];
          if (column < 0 || column >= width) continue;
          const source = ((image * height + row) * width + column) * channels;
          for (let channel = 0; channel < groupChannels; channel++) {
            const tap = ((output * groupChannels + channel) * kernel[0] + ky) * kernel[1] + kx;
            sum += x[source + group * groupChannels + channel]! * weight[tap]!;
          }
        }
      }
      y[pixel * outputs + output] = sum;
    }
  }
  return y;
}
