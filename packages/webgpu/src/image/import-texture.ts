import { type ImageKernel, textureToPixelsKernel } from '@samgpu/kernels';

import { TEXTURE_USAGE } from '../device/gpu-constants.ts';
import type { DeviceState } from '../runtime/device-state.ts';
import { messageOf, WebGpuError } from '../webgpu-error.ts';
import { cutRows } from './cut-rows.ts';
import { DeviceImage, type ImageStrip } from './device-image.ts';
import { recordImageKernel } from './record-image-kernel.ts';
import { ScratchMemory } from './scratch-memory.ts';

/** What a browser copies to a texture without a detour through the memory of JavaScript. */
export type ExternalImage =
  | ImageBitmap
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLVideoElement
  | VideoFrame;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A part of a photograph that goes through one texture. */
interface Tile extends Size {
  readonly column: number;
  readonly row: number;
}

const FORMATS: readonly string[] = [
  'rgba8unorm',
  'rgba8unorm-srgb',
  'bgra8unorm',
  'bgra8unorm-srgb',
  'rgb10a2unorm',
  'rgba16float',
  'rgba32float',
];

/** Side of the largest texture that is made for copying. */
const TILE_SIDE = 4096;

/** @throws WebGpuError `image`, `out-of-memory`, `unsupported` or `device-lost` */
export async function importTexture(state: DeviceState, texture: GPUTexture): Promise<DeviceImage> {
  checkTexture(texture);
  const { width, height, format } = texture;
  const { textureBinding } = TEXTURE_USAGE;
  try {
    return await fillImage(state, { width, height }, 'a texture', (copy) => {
      const isBindable = (texture.usage & textureBinding) !== 0;
      const source = isBindable ? texture : copyTexture(state.device, texture);
      const view = source.createView({ label: 'image' });
      const linear = format.endsWith('-srgb');
      copy(view, { column: 0, row: 0, width, height }, { linear });
      if (!isBindable) {
        source.destroy();
      }
    });
  } catch (cause) {
    if (cause instanceof WebGpuError && cause.code === 'validation') {
      throw new WebGpuError(
        'image',
        `the texture cannot be read on this device: ${cause.message}; it was destroyed, or it ` +
          'belongs to another device: load the segmenter with webgpu: { device }, the device that ' +
          'made the texture',
        { cause },
      );
    }
    throw cause;
  }
}

/** @throws WebGpuError `image`, `out-of-memory`, `unsupported` or `device-lost` */
export async function importExternal(
  state: DeviceState,
  source: ExternalImage,
  size: Size,
): Promise<DeviceImage> {
  const { device } = state;
  const side = Math.min(TILE_SIDE, device.limits.maxTextureDimension2D);
  const { copyDestination, textureBinding, renderAttachment } = TEXTURE_USAGE;
  return fillImage(state, size, 'an image', (copy) => {
    const texture = device.createTexture({
      label: 'image',
      size: [Math.min(side, size.width), Math.min(side, size.height)],
      format: 'rgba8unorm',
      usage: copyDestination | textureBinding | renderAttachment,
    });
    try {
      const view = texture.createView({ label: 'image' });
      for (const tile of tilesOf(size, side)) {
        device.queue.copyExternalImageToTexture(
          { source, origin: [tile.column, tile.row] },
          { texture, colorSpace: 'srgb', premultipliedAlpha: false },
          [tile.width, tile.height],
        );
        copy(view, tile, { linear: false });
      }
    } catch (cause) {
      throw new WebGpuError('image', `the browser does not copy the image: ${messageOf(cause)}`, {
        cause,
      });
    } finally {
      texture.destroy();
    }
  });
}

/** Copies a texture that holds a part of the photograph to where it belongs. */
type CopyTile = (view: GPUTextureView, tile: Tile, format: { readonly linear: boolean }) => void;

/**
 * Makes an image and lets it be filled. `fill` waits for nothing, so that the error scopes hold
 * nothing of anybody else's.
 */
async function fillImage(
  state: DeviceState,
  size: Size,
  what: string,
  fill: (copy: CopyTile) => void,
): Promise<DeviceImage> {
  state.expectLive();
  const { width, height } = size;
  const { arenaBytes, bindingBytes } = state.arenaLimits;
  const ranges = cutRows(height, width * 4, Math.min(arenaBytes, bindingBytes));
  const compiled = await state.pipelines.get(textureToPixelsKernel(size, state.kernels).kernel);
  const strips = await ScratchMemory.during(
    state,
    `${what} of ${width} x ${height}`,
    width * height * 4,
    (memory) => {
      const made: ImageStrip[] = ranges.map((range) => ({
        ...range,
        buffer: memory.takeResult(range.rows * width * 4, 'image'),
      }));
      fill((view, tile, { linear }) => {
        const encoder = state.device.createCommandEncoder({ label: what });
        for (const strip of made) {
          const kernel = tileKernel(tile, strip, width, linear, state);
          if (kernel !== undefined) {
            const operands = { photo: view, pixels: strip.buffer };
            recordImageKernel(encoder, memory, kernel, compiled, operands);
          }
        }
        state.device.queue.submit([encoder.finish()]);
      });
      return made;
    },
  );
  state.expectLive();
  return new DeviceImage(state, size, strips);
}

/** Copies that part of a tile that lies in a strip, if any does. */
function tileKernel(
  tile: Tile,
  { firstRow, rows }: ImageStrip,
  rowPitch: number,
  linear: boolean,
  { kernels }: DeviceState,
): ImageKernel | undefined {
  const top = Math.max(firstRow, tile.row);
  const bottom = Math.min(firstRow + rows, tile.row + tile.height);
  if (top >= bottom) {
    return undefined;
  }
  const from = [0, top - tile.row] as const;
  const offset = (top - firstRow) * rowPitch + tile.column;
  const size = { width: tile.width, height: bottom - top };
  return textureToPixelsKernel({ ...size, from, offset, rowPitch, linear }, kernels);
}

/** @throws WebGpuError `image` */
function checkTexture(texture: GPUTexture): void {
  const { dimension, sampleCount, depthOrArrayLayers, format, usage } = texture;
  const { copySource, textureBinding } = TEXTURE_USAGE;
  if (dimension !== '2d' || sampleCount !== 1 || depthOrArrayLayers !== 1) {
    throw imageError(
      `the texture has dimension ${dimension}, ${depthOrArrayLayers} layers and ${sampleCount} ` +
        'samples, wanted 2d, 1 and 1; copy or resolve one picture into a texture of its own',
    );
  }
  if (!FORMATS.includes(format)) {
    throw imageError(
      `the texture has the format ${format}, wanted one of ${FORMATS.join(', ')}; draw it into ` +
        'such a texture',
    );
  }
  if ((usage & (copySource | textureBinding)) === 0) {
    throw imageError(
      'the texture can neither be bound nor copied from; create it with the usage TEXTURE_BINDING',
    );
  }
}

function imageError(message: string): WebGpuError {
  return new WebGpuError('image', message);
}

/** A copy that shaders can read. */
function copyTexture(device: GPUDevice, texture: GPUTexture): GPUTexture {
  const { width, height, format } = texture;
  const { copyDestination, textureBinding } = TEXTURE_USAGE;
  const copy = device.createTexture({
    label: 'image',
    size: [width, height],
    format,
    usage: copyDestination | textureBinding,
  });
  const encoder = device.createCommandEncoder({ label: 'copy a texture' });
  encoder.copyTextureToTexture({ texture }, { texture: copy }, [width, height]);
  device.queue.submit([encoder.finish()]);
  return copy;
}

function tilesOf({ width, height }: Size, side: number): Tile[] {
  const tiles: Tile[] = [];
  for (let row = 0; row < height; row += side) {
    for (let column = 0; column < width; column += side) {
      const tile = { width: Math.min(side, width - column), height: Math.min(side, height - row) };
      tiles.push({ column, row, ...tile });
    }
  }
  return tiles;
}
