import { host as ownHost } from '#host';
import { messageOf, OnnxError } from '../onnx-error.ts';
import type { Host } from './host.ts';
import type { OrtModule } from './ort.ts';

/** `node`: onnxruntime-node, native. `web`: onnxruntime-web, WebAssembly. */
export type RuntimeKind = 'node' | 'web';

export interface RuntimeOptions {
  /** @defaultValue 'auto': onnxruntime-node where it can be loaded, else onnxruntime-web */
  readonly runtime?: 'auto' | RuntimeKind | undefined;
  /**
   * Threads of one run. onnxruntime-web keeps the number of its first session for good.
   *
   * @defaultValue the cores of the machine, at most 8; 1 in pages that are not cross-origin isolated
   */
  readonly threads?: number | undefined;
  /**
   * Where onnxruntime-web finds its `.wasm` (and `.mjs`) file: a folder's URL ending in `/`, or one
   * URL for each.
   *
   * @defaultValue beside onnxruntime-web's own code
   */
  readonly wasmPaths?:
    | string
    | { readonly wasm?: string | URL; readonly mjs?: string | URL }
    | undefined;
  /**
   * An ONNX Runtime that the caller has loaded, to be used instead, for example
   * `await import('onnxruntime-web/webgpu')`.
   */
  readonly module?: OrtModule | undefined;
}

export interface LoadedRuntime {
  readonly ort: OrtModule;
  readonly kind: RuntimeKind;
  readonly threads: number;
  /** Why this one. */
  readonly reason: string;
  /** See `Host`. */
  readonly tellsCacheSize: boolean;
}

// More threads than this cost memory and synchronisation and gain little at our sizes.
const MOST_THREADS = 8;

// WebAssembly is set up once per module, with the number of threads that is set by then.
const threadsOfModule = new WeakMap<OrtModule['env'], number>();

/** @throws OnnxError with code `runtime` where the runtime that was asked for cannot be loaded */
export async function loadRuntime(
  options: RuntimeOptions,
  host: Host = ownHost,
): Promise<LoadedRuntime> {
  const { runtime = 'auto', module } = options;
  if (module !== undefined) {
    const kind = module.env.versions.node === undefined ? 'web' : 'node';
    return prepare({ ort: module, kind, reason: 'it was passed in' }, options, host);
  }
  let unavailable = '';
  if (runtime !== 'web') {
    try {
      const ort = await host.loadNative();
      return prepare({ ort, kind: 'node', reason: 'it is installed' }, options, host);
    } catch (cause) {
      unavailable = describeFailure(cause);
      if (runtime === 'node') {
        throw new OnnxError(
          'runtime',
          `${unavailable}; install the package onnxruntime-node, or take runtime: 'web'`,
          { cause },
        );
      }
    }
  }
  try {
    const ort = await host.loadWeb();
    const reason = runtime === 'web' ? 'it was asked for' : unavailable;
    return prepare({ ort, kind: 'web', reason }, options, host);
  } catch (cause) {
    throw new OnnxError('runtime', `onnxruntime-web cannot be loaded: ${messageOf(cause)}`, {
      cause,
    });
  }
}

function prepare(
  { ort, kind, reason }: Pick<LoadedRuntime, 'ort' | 'kind' | 'reason'>,
  options: RuntimeOptions,
  host: Host,
): LoadedRuntime {
  const { tellsCacheSize } = host;
  const wanted = options.threads ?? Math.min(host.cores, MOST_THREADS);
  if (kind === 'node') {
    return { ort, kind, threads: wanted, reason, tellsCacheSize };
  }
  const { available } = host.wasmThreads;
  const threads = threadsOfModule.get(ort.env) ?? (available ? wanted : 1);
  threadsOfModule.set(ort.env, threads);
  ort.env.wasm.numThreads = threads;
  if (options.wasmPaths !== undefined) {
    ort.env.wasm.wasmPaths = options.wasmPaths;
  }
  let limit = '';
  if (threads !== wanted) {
    limit = available
      ? `; ${threads} threads, the number of the first backend on onnxruntime-web`
      : `; one thread, because ${host.wasmThreads.reason}`;
  }
  return { ort, kind, threads, reason: `${reason}${limit}`, tellsCacheSize: false };
}

function describeFailure(cause: unknown): string {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND';
  const [firstLine = ''] = messageOf(cause).split('\n');
  return missing
    ? 'onnxruntime-node is not installed'
    : `onnxruntime-node cannot be loaded: ${firstLine}`;
}
