import type { Graph, WeightStore } from '@samgpu/graph';
import { readPieces, readPlan } from '../export/export-onnx.ts';
import type { Initializer } from '../export/initializer.ts';
import { type FoundPlace, planModel } from '../export/model-plan.ts';
import { translateGraph } from '../export/plan-graph.ts';
import type { OrtSessionOptions } from './ort.ts';

/** What holds for every session. */
export const SESSION_OPTIONS: OrtSessionOptions = {
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  // One block for all values of a run: in our models it takes more memory than the arena alone,
  // and no less time.
  enableMemPattern: false,
  extra: {
    // Threads that spin while they wait take the cores away from everyone else.
    session: {
      intra_op: { allow_spinning: '0' },
      // Quantised weights are made floats once, when a session is made, and not again in each run.
      disable_quant_qdq: '1',
    },
    // Its kernel takes four times as long as the Add and the LayerNormalization it replaces.
    optimization: { disable_specified_optimizers: 'SkipLayerNormFusion' },
  },
};

/** The extra options, for a model whose weights lie in files of a folder. */
export function extraFor(folder: string): Record<string, unknown> {
  const { session, ...others } = SESSION_OPTIONS.extra as Readonly<Record<string, object>>;
  const files = { model_external_initializers_file_folder_path: folder };
  return { ...others, session: { ...session, ...files } };
}

/**
 * Scores of one attention at a time. ONNX Runtime writes them all to memory, 800 MB for 4096 tokens
 * and 12 heads; in parts of this size that attention takes a tenth more time.
 */
const SCORE_BYTES = 2 ** 26;

/** Larger models are handed over weight by weight, so that the heap of WebAssembly holds them once. */
const LARGEST_EMBEDDED = 2 ** 26;

export interface SessionModel {
  readonly bytes: Uint8Array;
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** Of files that the model refers to beside those. */
  readonly folder?: string;
  readonly outputNames: ReadonlyMap<string, string>;
}

export interface RuntimeAbilities {
  /** Whether it reads files. It maps weights that lie in one, so that no copy of them passes through JavaScript. */
  readonly mapsFiles: boolean;
  /** Whether its own operators are quicker than the standard ones. */
  readonly ownOperators: boolean;
}

/**
 * A graph as a session takes it: the model, and its larger weights beside it in memory.
 *
 * @param abilities - of the runtime
 */
export async function sessionModel(
  graph: Graph,
  weights: WeightStore,
  { mapsFiles, ownOperators }: RuntimeAbilities,
): Promise<SessionModel> {
  const options = { scoreBytes: SCORE_BYTES, ownOperators };
  const { content, outputNames } = translateGraph(graph, weights, options);
  const embedded = planModel(content);
  if (embedded.model.byteLength <= LARGEST_EMBEDDED) {
    return { ...(await readPlan(embedded, weights)), externalData: [], outputNames };
  }
  if (mapsFiles) {
    const places = new PlacesOnDisk(weights);
    const mapped = planModel(content, (initializer) => places.find(initializer));
    const { folder } = places;
    // A session takes files or memory, not both, so what lies in no file goes into the model.
    if (folder !== undefined && mapped.model.byteLength <= LARGEST_EMBEDDED) {
      return { ...(await readPlan(mapped, weights)), externalData: [], folder, outputNames };
    }
  }
  const plan = planModel(content, (_, index) => `weight-${index}`);
  const { bytes } = await readPlan(plan, weights);
  const externalData: { path: string; data: Uint8Array }[] = [];
  for (const file of plan.external) {
    for await (const data of readPieces(file, weights)) {
      externalData.push({ path: file.location, data });
    }
  }
  return { bytes, externalData, outputNames };
}

/** Finds weights in files of one folder, which is all that a session can be given. */
class PlacesOnDisk {
  folder: string | undefined;
  readonly #weights: WeightStore;

  constructor(weights: WeightStore) {
    this.#weights = weights;
  }

  find({ source, byteLength }: Initializer): FoundPlace | undefined {
    if (source instanceof Uint8Array) {
      return undefined;
    }
    const place = this.#weights.filePlace?.(source.path);
    // What is stored in another type than the model's differs in length. A mapped tensor lies in memory
    // as it does in the file, where nothing promises that its elements are aligned.
    if (place === undefined || place.byteLength !== byteLength || place.offset % 8 !== 0) {
      return undefined;
    }
    const [, folder, location] = /^(.*[\\/])([^\\/]+)$/s.exec(place.file) ?? [];
    if (folder === undefined || location === undefined) {
      return undefined;
    }
    this.folder ??= folder;
    return this.folder === folder ? { location, offset: place.offset } : undefined;
  }
}
