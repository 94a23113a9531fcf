/** A pipeline with the layout of its group 0. */
export interface OverlayPipeline {
  readonly pipeline: GPURenderPipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Pipelines of full-screen passes on one device, made when first used. */
export class OverlayPipelines {
  /** Linear, clamped to the edge. */
  readonly sampler: GPUSampler;
  readonly #device: GPUDevice;
  readonly #pipelines = new Map<string, OverlayPipeline>();

  constructor(device: GPUDevice) {
    this.#device = device;
    this.sampler = device.createSampler({ minFilter: 'linear', magFilter: 'linear' });
  }

  /** @param source - with the entry points `cover` and `shade`; colours blend premultiplied */
  get(source: string, format: GPUTextureFormat): OverlayPipeline {
    const key = `${format} ${source}`;
    let made = this.#pipelines.get(key);
    if (made === undefined) {
      made = this.#make(source, format);
      this.#pipelines.set(key, made);
    }
    return made;
  }

  #make(code: string, format: GPUTextureFormat): OverlayPipeline {
    const module = this.#device.createShaderModule({ label: 'overlay', code });
    const over = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' } as const;
    const pipeline = this.#device.createRenderPipeline({
      label: `overlay ${format}`,
      layout: 'auto',
      vertex: { module, entryPoint: 'cover' },
      fragment: {
        module,
        entryPoint: 'shade',
        targets: [{ format, blend: { color: over, alpha: over } }],
      },
    });
    return { pipeline, layout: pipeline.getBindGroupLayout(0) };
  }
}
