import { seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import {
  maskCoverageDrawing,
  outlineDrawing,
  outlineMargin,
  type OutlineDrawingOptions,
  type PlaneMatrix,
} from './outline-drawing.ts';
import { maskCoverageReference, outlineReference } from './outline-drawing.reference.ts';
import type { OverlayDrawing } from './overlay.ts';
import { maskRowWords } from './threshold-mask.ts';

const gpu = await openTestDevice();
const BUFFER = { mapRead: 1, copyDestination: 8, storage: 128 } as const;
const TEXTURE = { copySource: 1, copyDestination: 2, binding: 4, render: 16 } as const;

const [WIDTH, HEIGHT] = [75, 50];

/** A disc with a hole, a thin line, and specks. */
function someMask(): Uint8Array {
  const random = seededValues(WIDTH * HEIGHT, 3);
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    const radius = Math.hypot(x - 30, y - 24);
    return (radius < 18 && radius > 6) || y - 10 === Math.floor(x / 3) || random[at]! > 0.96
      ? 1
      : 0;
  });
}

function packed(mask: Uint8Array): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(maskRowWords(WIDTH) * HEIGHT);
  mask.forEach((bit, at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    words[y * maskRowWords(WIDTH) + (x >> 5)]! |= bit << (x & 31);
  });
  return words;
}

function bufferOf(data: Uint32Array<ArrayBuffer>): GPUBuffer {
  const usage = BUFFER.storage | BUFFER.copyDestination;
  const buffer = gpu!.device.createBuffer({ size: data.byteLength, usage });
  gpu!.device.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

/** Draws to a texture and reads it. */
async function draw(
  { source, parameters }: OverlayDrawing,
  others: readonly GPUBindingResource[],
  format: 'r8unorm' | 'rgba8unorm',
  [width, height]: readonly [number, number],
): Promise<Uint8Array> {
  const { device } = gpu!;
  const module = device.createShaderModule({ code: source });
  const pipeline = device.createRenderPipeline({
    layout: 'auto',
    vertex: { module, entryPoint: 'cover' },
    fragment: { module, entryPoint: 'shade', targets: [{ format }] },
  });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ buffer: bufferOf(parameters) }, ...others].map((resource, binding) => ({
      binding,
      resource,
    })),
  });
  const usage = TEXTURE.copySource | TEXTURE.render;
  const target = device.createTexture({ size: [width, height], format, usage });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view: target.createView(), loadOp: 'clear', storeOp: 'store' }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.draw(3);
  pass.end();
  const bytes = format === 'r8unorm' ? 1 : 4;
  const bytesPerRow = Math.ceil((width * bytes) / 256) * 256;
  const buffer = device.createBuffer({
    size: bytesPerRow * height,
    usage: BUFFER.mapRead | BUFFER.copyDestination,
  });
  encoder.copyTextureToBuffer({ texture: target }, { buffer, bytesPerRow }, [width, height]);
  device.queue.submit([encoder.finish()]);
  await buffer.mapAsync(BUFFER.mapRead);
  const rows = new Uint8Array(buffer.getMappedRange());
  return Uint8Array.from({ length: width * height * bytes }, (_, at) => {
    const row = Math.floor(at / (width * bytes));
    return rows[row * bytesPerRow + (at % (width * bytes))]!;
  });
}

function textureOf(levels: Uint8Array<ArrayBuffer>, [width, height]: readonly [number, number]) {
  const usage = TEXTURE.copyDestination | TEXTURE.binding;
  const texture = gpu!.device.createTexture({ size: [width, height], format: 'r8unorm', usage });
  gpu!.device.queue.writeTexture({ texture }, levels, { bytesPerRow: width }, [width, height]);
  return texture;
}

function turned(scale: number, degrees: number, x: number, y: number): PlaneMatrix {
  const angle = (degrees * Math.PI) / 180;
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return [a, b, -b, a, x, y];
}

/** The share of values that differ by more than `tolerance` levels, and by how much at most. */
function difference(
  got: Uint8Array,
  wanted: Float64Array,
  tolerance: number,
): { share: number; worst: number } {
  let [count, worst] = [0, 0];
  wanted.forEach((value, at) => {
    const off = Math.abs(got[at]! - value * 255);
    worst = Math.max(worst, off);
    if (off > tolerance) count += 1;
  });
  return { share: count / wanted.length, worst };
}

describe.skipIf(gpu === undefined)(`outlines${missingDevice()}`, () => {
  test.each<[string, PlaneMatrix]>([
    ['as it is', [1, 0, 0, 1, 0, 0]],
    ['smaller', [0.31, 0, 0, 0.31, 3.25, 2.5]],
    ['far smaller', [0.1, 0, 0, 0.1, 3, 1]],
    ['larger', [2.7, 0, 0, 2.7, -20.5, -30]],
    ['squares', [6, 0, 0, 6, -101.5, -60.25]],
    ['turned', turned(1.7, 33, 40, -6)],
    ['turned squares', turned(5, 90, 180, -60)],
  ])('how much a mask covers: %s', async (_, matrix) => {
    const mask = someMask();
    const size = [96, 64] as const;
    const options = { width: WIDTH, height: HEIGHT, matrix };
    const bits = { buffer: bufferOf(packed(mask)) };
    const got = await draw(maskCoverageDrawing(options), [bits], 'r8unorm', size);
    const wanted = maskCoverageReference(mask, { width: size[0], height: size[1] }, options);
    expect(Math.max(...got)).toBeGreaterThan(100);
    // Half a level of rounding, and where a sum of f32 lies beside a jump of the pixel grid.
    expect(difference(got, wanted, 0.51 + 0.02).worst).toBeLessThan(1.01);
    expect(difference(got, wanted, 0.51 + 0.02).share).toBeLessThan(0.01);
  });

  const tint = [0.2, 0.5, 1, 0.3] as const;
  const line = {
    color: [1, 1, 1, 1],
    width: 1.5,
    haloColor: [0, 0, 0, 0.5],
    haloWidth: 1.25,
  } as const;
  const dashes = { gapColor: [0.05, 0.05, 0.1, 1], length: 5, phase: 2.3 } as const;

  test.each<[string, Pick<OutlineDrawingOptions, 'line' | 'opacity' | 'margin'>]>([
    ['a tint alone', { opacity: 0.5 }],
    ['a line on a halo', { line }],
    ['a wide line', { line: { ...line, width: 6 }, opacity: 0.8 }],
    ['dashes', { line: { ...line, dashes } }],
    ['dashes beyond the target', { line: { ...line, dashes }, margin: outlineMargin(line) }],
  ])('%s', async (_, look) => {
    const size = [96, 64] as const;
    const [width, height] = size;
    const mask = someMask();
    const { margin = 0 } = look;
    const around = [width + 2 * margin, height + 2 * margin] as const;
    const covered = maskCoverageReference(
      mask,
      { width: around[0], height: around[1] },
      { width: WIDTH, height: HEIGHT, matrix: turned(1.7, 33, 40 + margin, -6 + margin) },
    );
    const levels = Uint8Array.from(covered, (value) => Math.round(value * 255));
    const options = { width, height, tint, ...look };
    const sampler = gpu!.device.createSampler({ minFilter: 'linear', magFilter: 'linear' });
    const resources = [textureOf(levels, around).createView(), sampler];
    const got = await draw(outlineDrawing(options), resources, 'rgba8unorm', size);
    const wanted = outlineReference(
      Array.from(levels, (level) => level / 255),
      options,
    );
    // Devices place samples on a grid of 1/256 of a texel: each of the extremes of a ring may be off by
    // a level and more when sharpened, and so may the three colours that are laid over each other.
    const { share, worst } = difference(got, wanted, 5);
    // Where the edge has no clear direction, rounding decides which way a dash runs.
    expect(share).toBeLessThan(look.line?.dashes === undefined ? 1e-9 : 0.02);
    expect(worst).toBeLessThan(look.line?.dashes === undefined ? 5 : 256);
    expect(Math.max(...got)).toBeGreaterThan(30);
  });
});
