import type { Graph } from '@samgpu/graph';
import { type DecoderSizes, traceDecoder, traceEncoder, type Variant } from '@samgpu/variant';
import type {
  TunedVariants,
  TuneProgress,
  TuningMeasurement,
  WebGpuBackendOptions,
} from '@samgpu/webgpu';

import { openWebGpu } from './choose-backend.ts';
import { openVariantWeights, type VariantWeightsOptions } from './open-weights.ts';

export interface TuneModelOptions extends Pick<
  VariantWeightsOptions,
  'weights' | 'cache' | 'baseUrl' | 'onProgress' | 'signal'
> {
  readonly webgpu?: WebGpuBackendOptions;
  /** Sizes of decoders. By default one prompt and 64, of at most four tokens. */
  readonly decoders?: readonly DecoderSizes[];
  /** Measures what is known from earlier runs as well. @defaultValue false */
  readonly again?: boolean;
  /** Called before each shape of the graph that is measured. */
  readonly onTune?: (graph: string, progress: TuneProgress) => void;
}

/** What {@link tuneModel} found. */
export interface ModelTuning {
  /** The GPU, for people. */
  readonly description: string;
  /** The encoder and each decoder, with the shapes that have variants to choose from. */
  readonly graphs: readonly {
    readonly name: string;
    readonly measurements: readonly TuningMeasurement[];
  }[];
  /** Plain JSON, to be passed as `webgpu: { variants }` where the same adapter is. */
  readonly variants: TunedVariants;
}

const DECODERS: readonly DecoderSizes[] = [
  { prompts: 1, tokens: 4 },
  { prompts: 64, tokens: 4 },
];

/**
 * Measures on this GPU which variants of the WGSL kernels a model runs quickest with, and keeps that
 * for all segmenters here. Results stay the same within the rounding of f32.
 *
 * Takes seconds on a GPU, and reads the weights only to know their shapes and types.
 *
 * @throws SegmenterError `backend-unavailable` where there is no WebGPU
 */
export async function tuneModel(
  variant: Variant,
  options: TuneModelOptions = {},
): Promise<ModelTuning> {
  const { signal, again, onTune, decoders = DECODERS } = options;
  const backend = await openWebGpu(options.webgpu);
  try {
    const weights = await openVariantWeights(variant, options);
    try {
      const encoder = traceEncoder(variant, weights.tensors);
      const traced: Graph[] = [
        encoder,
        ...decoders.map((sizes) => traceDecoder(variant, weights.tensors, encoder, sizes)),
      ];
      const graphs: ModelTuning['graphs'][number][] = [];
      let variants: TunedVariants | undefined;
      for (const graph of traced) {
        const report = await backend.tune(graph, {
          signal,
          again,
          onProgress: (progress) => onTune?.(graph.name, progress),
        });
        graphs.push({ name: graph.name, measurements: report.measurements });
        ({ variants } = report);
      }
      return { description: backend.description, graphs, variants: variants! };
    } finally {
      await weights.close();
    }
  } finally {
    backend.dispose();
  }
}
