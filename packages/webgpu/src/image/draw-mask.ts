import { overlayDrawing, type OverlayLook } from '@samgpu/kernels';

import { BUFFER_USAGE, FRAGMENT_STAGE } from '../device/gpu-constants.ts';
import type { DeviceState } from '../runtime/device-state.ts';

/** What is drawn to: a texture, or a view with what it does not tell of itself. */
export type OverlayTarget =
  | GPUTexture
  | {
      readonly view: GPUTextureView;
      readonly format: GPUTextureFormat;
      /** Of the view, in pixels. */
      readonly width: number;
      readonly height: number;
    };

/** How a mask is shown, and where. */
export interface OverlayStyle extends OverlayLook {
  /**
   * Where the picture lies in the target, in pixels of that. It may reach beyond the target.
   *
   * @defaultValue all of the target
   */
  readonly area?: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

interface Drawing {
  readonly pipeline: GPURenderPipeline;
  readonly group: GPUBindGroup;
  readonly parameters: GPUBuffer;
}

/** What a mask has been drawn with before: a viewer draws it the same way every frame. */
export type DrawingCache = Map<string, Drawing>;

interface DrawnMask {
  readonly width: number;
  readonly height: number;
  readonly bits: { readonly buffer: GPUBuffer; readonly offset: number };
}

/** Most drawings kept per mask; zooming makes many. */
const KEPT_DRAWINGS = 16;

/** Records a render pass that draws a mask over what the target shows. */
export function drawMask(
  state: DeviceState,
  mask: DrawnMask,
  encoder: GPUCommandEncoder,
  target: OverlayTarget,
  style: OverlayStyle,
  drawings: DrawingCache,
): void {
  const { width, height, format } = target;
  const area = style.area ?? { x: 0, y: 0, width, height };
  const place = [area.x, area.y, area.width, area.height] as const;
  const key = JSON.stringify([format, place, style]);
  let drawing = drawings.get(key);
  if (drawing === undefined) {
    const linear = format.endsWith('-srgb');
    const size = { width: mask.width, height: mask.height };
    const { source, parameters } = overlayDrawing({ ...style, ...size, area: place, linear });
    const { pipeline, layout } = pipelineOf(state, format, source);
    const buffer = state.device.createBuffer({
      label: 'overlay parameters',
      size: parameters.byteLength,
      usage: BUFFER_USAGE.storage | BUFFER_USAGE.copyDestination,
    });
    state.device.queue.writeBuffer(buffer, 0, parameters);
    const group = state.device.createBindGroup({
      label: 'overlay',
      layout,
      entries: [
        { binding: 0, resource: { buffer } },
        { binding: 1, resource: mask.bits },
      ],
    });
    drawing = { pipeline, group, parameters: buffer };
  }
  // The latest last. What goes is left to the garbage collector: it may not have been submitted yet.
  drawings.delete(key);
  drawings.set(key, drawing);
  for (const oldest of drawings.keys()) {
    if (drawings.size <= KEPT_DRAWINGS) break;
    drawings.delete(oldest);
  }
  const view = 'view' in target ? target.view : target.createView({ label: 'overlay target' });
  const pass = encoder.beginRenderPass({
    label: 'overlay',
    colorAttachments: [{ view, loadOp: 'load', storeOp: 'store' }],
  });
  pass.setPipeline(drawing.pipeline);
  pass.setBindGroup(0, drawing.group);
  pass.draw(3);
  pass.end();
}

interface OverlayPipeline {
  readonly pipeline: GPURenderPipeline;
  readonly layout: GPUBindGroupLayout;
}

const pipelines = new WeakMap<DeviceState, Map<GPUTextureFormat, OverlayPipeline>>();

function pipelineOf(state: DeviceState, format: GPUTextureFormat, source: string): OverlayPipeline {
  const known = pipelines.get(state) ?? new Map<GPUTextureFormat, OverlayPipeline>();
  pipelines.set(state, known);
  let made = known.get(format);
  if (made === undefined) {
    made = makePipeline(state.device, format, source);
    known.set(format, made);
  }
  return made;
}

function makePipeline(device: GPUDevice, format: GPUTextureFormat, code: string): OverlayPipeline {
  const layout = device.createBindGroupLayout({
    label: 'overlay',
    entries: [0, 1].map((binding) => ({
      binding,
      visibility: FRAGMENT_STAGE,
      buffer: { type: 'read-only-storage' },
    })),
  });
  const module = device.createShaderModule({ label: 'overlay', code });
  const pipeline = device.createRenderPipeline({
    label: `overlay ${format}`,
    layout: device.createPipelineLayout({ label: 'overlay', bindGroupLayouts: [layout] }),
    vertex: { module, entryPoint: 'cover' },
    fragment: {
      module,
      entryPoint: 'shade',
      targets: [
        {
          format,
          blend: {
            color: { srcFactor: 'src-alpha', dstFactor: 'one-minus-src-alpha' },
            alpha: { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' },
          },
        },
      ],
    },
  });
  return { pipeline, layout };
}
