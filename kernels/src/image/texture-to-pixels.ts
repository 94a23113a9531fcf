import type { KernelDevice } from '../kernel.ts';
import { stepGrid } from '../view/grid.ts';
import { type ImageKernel, packParameters } from './image-kernel.ts';
import { source } from './texture-to-pixels.wgsl.ts';

export interface TextureToPixelsOptions {
  /** Of the part that is copied, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Where it begins in the texture. @defaultValue [0, 0] */
  readonly from?: readonly [column: number, row: number];
  /** Where it begins in the photograph, in pixels. @defaultValue 0 */
  readonly offset?: number;
  /** Of the photograph, in pixels. @defaultValue width */
  readonly rowPitch?: number;
  /** The texture's format ends in `-srgb`, so that it gives linear light. @defaultValue false */
  readonly linear?: boolean;
}

/**
 * A texture of any format that gives floats as a photograph of bytes: values from 0 to 1 to the
 * nearest level.
 *
 * Bindings: parameters, photo (a 2D texture), pixels [height, rowPitch] RGBA of a byte each.
 */
export function textureToPixelsKernel(
  options: TextureToPixelsOptions,
  device: KernelDevice,
): ImageKernel {
  const { width, height, from = [0, 0], offset = 0, rowPitch = width, linear = false } = options;
  const grid = stepGrid(width * height, device);
  const parameters = packParameters([width, height, ...from, offset, rowPitch, Number(linear)]);
  return {
    parameters,
    kernel: {
      label: 'texture-to-pixels',
      source,
      constants: { WORKGROUP_SIZE: grid.constants.WORKGROUP_SIZE },
      bindings: [
        { name: 'parameters', access: 'read', bytes: parameters.byteLength },
        { name: 'photo', access: 'texture', bytes: 0 },
        {
          name: 'pixels',
          access: 'read-write',
          bytes: (offset + (height - 1) * rowPitch + width) * 4,
        },
      ],
      workgroups: grid.workgroups,
      flops: 0,
    },
  };
}
