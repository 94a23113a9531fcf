import {
  LAYER_SOURCE,
  maskCoverageDrawing,
  outlineDrawing,
  outlineMargin,
  type OutlineLine,
  type OverlayDrawing,
  type PlaneMatrix,
  type StraightColor,
} from '@samgpu/kernels';

import { BUFFER_USAGE, TEXTURE_USAGE } from '../device/gpu-constants.ts';
import type { OverlayTarget } from '../image/draw-mask.ts';
import { OverlayPipelines } from './overlay-pipelines.ts';
import { UploadedMask } from './uploaded-mask.ts';

/** A mask in the memory of a device, a bit per pixel, as `UploadedMask` and `GpuMask` have it. */
export interface MaskBits {
  readonly width: number;
  readonly height: number;
  readonly buffer: GPUBuffer;
  /** Of the first bit, in bytes. */
  readonly offset: number;
}

/** A line along the edge of a mask, in pixels of the target. */
export interface PaintedLine extends Omit<OutlineLine, 'dashes'> {
  /** Makes it dashes that march. */
  readonly dashes?: { readonly gapColor: StraightColor; readonly length: number };
}

/** One mask as it is to be shown. */
export interface PaintedShape {
  readonly bits: MaskBits;
  readonly tint: StraightColor;
  /** Of tint and line together. @defaultValue 1 */
  readonly opacity?: number;
  readonly line?: PaintedLine;
}

/** Masks over a picture. What stands still in it is drawn once: give the same object again. */
export interface OverlayPainting {
  /** From pixels of the picture to pixels of the target. */
  readonly matrix: PlaneMatrix;
  /** The last lies on top, but those with dashes above all others. */
  readonly shapes: readonly PaintedShape[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is to be destroyed once the work that uses it is submitted. */
type Spent = { destroy(): void }[];

/** What was made for a painting, and serves until another one comes. */
interface Prepared extends Size {
  readonly painting: OverlayPainting;
  /** What stands still, flattened. */
  readonly still: GPUTexture;
  /** Pixels that coverages have beyond each side of the target. */
  readonly margin: number;
  /** How much each marching shape covers. */
  readonly coverages: readonly (readonly [PaintedShape, GPUTexture])[];
}

/**
 * Draws tints, outlines and marching dashes of masks on a device, at any scale and rotation, with
 * lines as wide as is asked for on the screen. Nothing is read back.
 */
export class OverlayPainter {
  readonly device: GPUDevice;
  readonly #pipelines: OverlayPipelines;
  #prepared: Prepared | undefined;

  /** @param device - the one that masks and targets are on */
  constructor(device: GPUDevice) {
    this.device = device;
    this.#pipelines = new OverlayPipelines(device);
  }

  /** Copies a mask to the device. @param mask - `[height, width]`: 1 inside, 0 outside */
  upload(mask: Size & { readonly data: Uint8Array }): UploadedMask {
    return new UploadedMask(this.device, mask);
  }

  /**
   * Replaces what a target shows, premultiplied, and submits the work.
   *
   * @param phase - how far dashes have come, in pixels of the target
   */
  paint(target: OverlayTarget, painting: OverlayPainting, phase = 0): void {
    const { width, height, format } = target;
    const encoder = this.device.createCommandEncoder({ label: 'overlay' });
    const spent: Spent = [];
    const prepared = this.#prepare(encoder, painting, { width, height }, spent);
    const view = 'view' in target ? target.view : target.createView({ label: 'overlay' });
    const pass = this.#pass(encoder, view, 'clear');
    const { pipeline, layout } = this.#pipelines.get(LAYER_SOURCE, format);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#group(layout, [prepared.still.createView()]));
    pass.draw(3);
    for (const [shape, coverage] of prepared.coverages) {
      const target = { width, height, format, margin: prepared.margin };
      this.#drawOutline(pass, target, shape, coverage, phase, spent);
    }
    pass.end();
    this.device.queue.submit([encoder.finish()]);
    spent.forEach((one) => one.destroy());
  }

  /** Frees what it made, but not the device. */
  dispose(): void {
    this.#forget();
  }

  #prepare(
    encoder: GPUCommandEncoder,
    painting: OverlayPainting,
    size: Size,
    spent: Spent,
  ): Prepared {
    const known = this.#prepared;
    if (
      known?.painting === painting &&
      known.width === size.width &&
      known.height === size.height
    ) {
      return known;
    }
    this.#forget();
    const still = this.#texture('rgba8unorm', size);
    this.#pass(encoder, still.createView(), 'clear').end();
    const coverages: [PaintedShape, GPUTexture][] = [];
    let scratch: GPUTexture | undefined;
    const margin = this.#marginOf(painting, size);
    const around = { width: size.width + 2 * margin, height: size.height + 2 * margin };
    const [a, b, c, d, e, f] = painting.matrix;
    const matrix: PlaneMatrix = [a, b, c, d, e + margin, f + margin];
    for (const shape of painting.shapes) {
      const marches = shape.line?.dashes !== undefined;
      scratch ??= this.#texture('r8unorm', around);
      this.#drawCoverage(encoder, scratch, shape.bits, matrix, spent);
      if (marches) {
        coverages.push([shape, scratch]);
        scratch = undefined;
      } else {
        const pass = this.#pass(encoder, still.createView(), 'load');
        const target = { ...size, format: 'rgba8unorm', margin } as const;
        this.#drawOutline(pass, target, shape, scratch, 0, spent);
        pass.end();
      }
    }
    // The device keeps what was submitted until it is done.
    if (scratch !== undefined) spent.push(scratch);
    this.#prepared = { painting, ...size, still, margin, coverages };
    return this.#prepared;
  }

  /** Where the picture ends with the target, lines look for the edge beyond both. */
  #marginOf({ shapes }: OverlayPainting, { width, height }: Size): number {
    const wanted = shapes.map(({ line }) => (line === undefined ? 0 : outlineMargin(line)));
    const room = (this.device.limits.maxTextureDimension2D - Math.max(width, height)) / 2;
    return Math.min(Math.floor(room), Math.max(0, ...wanted));
  }

  #drawCoverage(
    encoder: GPUCommandEncoder,
    target: GPUTexture,
    { width, height, buffer, offset }: MaskBits,
    matrix: PlaneMatrix,
    spent: Spent,
  ): void {
    const drawing = maskCoverageDrawing({ width, height, matrix });
    const { pipeline, layout } = this.#pipelines.get(drawing.source, 'r8unorm');
    const group = this.#group(layout, [
      { buffer: this.#parameters(drawing, spent) },
      { buffer, offset },
    ]);
    const pass = this.#pass(encoder, target.createView(), 'clear');
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.draw(3);
    pass.end();
  }

  #drawOutline(
    pass: GPURenderPassEncoder,
    { format, ...target }: Size & { readonly format: GPUTextureFormat; readonly margin: number },
    { tint, opacity = 1, line }: PaintedShape,
    coverage: GPUTexture,
    phase: number,
    spent: Spent,
  ): void {
    const drawing = outlineDrawing({
      ...target,
      tint,
      opacity,
      ...(line && {
        line: { ...line, ...(line.dashes && { dashes: { ...line.dashes, phase } }) } as OutlineLine,
      }),
    });
    const { pipeline, layout } = this.#pipelines.get(drawing.source, format);
    const group = this.#group(layout, [
      { buffer: this.#parameters(drawing, spent) },
      coverage.createView(),
      this.#pipelines.sampler,
    ]);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.draw(3);
  }

  #pass(
    encoder: GPUCommandEncoder,
    view: GPUTextureView,
    loadOp: 'clear' | 'load',
  ): GPURenderPassEncoder {
    return encoder.beginRenderPass({
      label: 'overlay',
      colorAttachments: [{ view, loadOp, storeOp: 'store', clearValue: [0, 0, 0, 0] }],
    });
  }

  #group(layout: GPUBindGroupLayout, resources: readonly GPUBindingResource[]): GPUBindGroup {
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    return this.device.createBindGroup({ label: 'overlay', layout, entries });
  }

  #parameters({ parameters }: OverlayDrawing, spent: Spent): GPUBuffer {
    const buffer = this.device.createBuffer({
      label: 'overlay parameters',
      size: parameters.byteLength,
      usage: BUFFER_USAGE.storage | BUFFER_USAGE.copyDestination,
    });
    this.device.queue.writeBuffer(buffer, 0, parameters);
    spent.push(buffer);
    return buffer;
  }

  #texture(format: GPUTextureFormat, { width, height }: Size): GPUTexture {
    return this.device.createTexture({
      label: 'overlay',
      size: [width, height],
      format,
      usage: TEXTURE_USAGE.renderAttachment | TEXTURE_USAGE.textureBinding,
    });
  }

  #forget(): void {
    this.#prepared?.still.destroy();
    this.#prepared?.coverages.forEach(([, texture]) => texture.destroy());
    this.#prepared = undefined;
  }
}
