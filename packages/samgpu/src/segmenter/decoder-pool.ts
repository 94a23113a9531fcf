import type {
  Backend,
  DeviceValue,
  Graph,
  HostValue,
  Program,
  RunOptions,
  WeightStore,
} from '@samgpu/graph';
import { type DecoderSizes, traceDecoder, type Variant } from '@samgpu/variant';

import type { OnSegmenterWarning } from './no-room.ts';

/** Decoders kept ready. Each holds a copy of the decoder's weights, so there is a limit. */
const CAPACITY = 6;

/**
 * Most prompts at once on a CPU. More are no quicker there, and the values between operations grow with
 * them: with MobileSAM 64 prompts take 3.9 GB, 8 take 0.9 GB in the same time.
 */
const MOST_ON_CPU = 8;

interface Entry {
  readonly program: Promise<Program>;
  /** Runs in flight; an entry in use is not evicted. */
  users: number;
}

/**
 * Decoder programs by size, compiled when first needed.
 *
 * The least recently used one goes when there are too many.
 */
export class DecoderPool {
  readonly #variant: Variant;
  readonly #weights: WeightStore;
  readonly #encoder: Graph;
  readonly #backend: Backend;
  readonly #onWarning: OnSegmenterWarning | undefined;
  /** Most prompts at once, by everything else about their sizes. */
  readonly #most = new Map<string, number>();
  /** In order of use, the latest last. */
  readonly #entries = new Map<string, Entry>();

  constructor(
    variant: Variant,
    weights: WeightStore,
    encoder: Graph,
    backend: Backend,
    onWarning?: OnSegmenterWarning,
  ) {
    this.#variant = variant;
    this.#weights = weights;
    this.#encoder = encoder;
    this.#backend = backend;
    this.#onWarning = onWarning;
  }

  /** How many prompts of such sizes are best taken at once, as far as is known. */
  mostPrompts(sizes: DecoderSizes): number {
    const most = this.#backend.kind === 'onnx' ? MOST_ON_CPU : Number.POSITIVE_INFINITY;
    return this.#most.get(keyOf({ ...sizes, prompts: 0 })) ?? most;
  }

  /** Remembers that the device has no room for these sizes, and says so. */
  limitPrompts(sizes: DecoderSizes, { message }: Error): void {
    const most = sizes.prompts / 2;
    if (most < this.mostPrompts(sizes)) {
      this.#most.set(keyOf({ ...sizes, prompts: 0 }), most);
      this.#onWarning?.({
        code: 'smaller-batch',
        message:
          `the GPU has no room for ${sizes.prompts} prompts at once, so they are taken ${most} at a ` +
          `time: ${message}`,
      });
    }
  }

  /** Compiles the decoder for these sizes ahead of its first use. */
  async prepare(sizes: DecoderSizes): Promise<void> {
    await this.#take(sizes).program;
  }

  /** Runs the decoder for exactly these sizes. */
  async run(
    sizes: DecoderSizes,
    inputs: Readonly<Record<string, HostValue | DeviceValue>>,
    options: RunOptions,
  ): Promise<Record<string, DeviceValue>> {
    const entry = this.#take(sizes);
    entry.users += 1;
    try {
      const program = await entry.program;
      return await program.run(inputs, options);
    } finally {
      entry.users -= 1;
    }
  }

  dispose(): void {
    for (const { program } of this.#entries.values()) {
      disposeLater(program);
    }
    this.#entries.clear();
  }

  #take(sizes: DecoderSizes): Entry {
    const key = keyOf(sizes);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const entry: Entry = { program: this.#compile(sizes), users: 0 };
    this.#entries.set(key, entry);
    // What failed once may succeed later: it is not kept.
    entry.program.catch(() => this.#entries.delete(key));
    this.#evict(key);
    return entry;
  }

  async #compile(sizes: DecoderSizes): Promise<Program> {
    const graph = traceDecoder(this.#variant, this.#weights.tensors, this.#encoder, sizes);
    return this.#backend.compile(graph, this.#weights);
  }

  #evict(keep: string): void {
    for (const [key, { program, users }] of this.#entries) {
      if (this.#entries.size <= CAPACITY) {
        return;
      }
      if (users === 0 && key !== keep) {
        this.#entries.delete(key);
        disposeLater(program);
      }
    }
  }
}

function keyOf({ prompts, tokens, masks }: DecoderSizes): string {
  return `${prompts}x${tokens}${masks === false ? '' : ' with masks'}`;
}

function disposeLater(program: Promise<Program>): void {
  // A program that never came to be has nothing to free; its error went to whoever asked for it.
  program.then(
    (compiled) => compiled.dispose(),
    () => undefined,
  );
}
