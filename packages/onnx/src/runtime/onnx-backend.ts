import type { Backend, CompileOptions, Graph, Program, WeightStore } from '@samgpu/graph';
import { messageOf, OnnxError } from '../onnx-error.ts';
import { sessionKey } from './graph-key.ts';
import { type GraphSession, OnnxProgram, type ProgramOwner } from './onnx-program.ts';
import type { OrtModule } from './ort.ts';
import {
  type LoadedRuntime,
  loadRuntime,
  type RuntimeKind,
  type RuntimeOptions,
} from './runtime.ts';
import { SessionCache } from './session-cache.ts';
import { extraFor, type RuntimeAbilities, SESSION_OPTIONS, sessionModel } from './session-model.ts';
import { TaskQueue } from './task-queue.ts';

export interface OnnxBackendOptions extends RuntimeOptions {
  /**
   * Execution providers as ONNX Runtime names them, best first.
   *
   * @defaultValue `['cpu']` in onnxruntime-node, `['wasm']` in onnxruntime-web
   */
  readonly executionProviders?: readonly string[] | undefined;
}

/** Runs graphs with ONNX Runtime. */
export interface OnnxBackend extends Backend {
  readonly kind: 'onnx';
  readonly runtime: RuntimeKind;
  /** Threads of one run. */
  readonly threads: number;
  /** Why this runtime was taken, as a clause: "onnxruntime-node is not installed". */
  readonly reason: string;
}

/**
 * Makes a backend on onnxruntime-node where that is installed, else on onnxruntime-web.
 *
 * Runs take turns: each uses all threads. In Node, and in pages outside of a worker, a run blocks
 * its thread.
 *
 * @throws OnnxError with code `runtime` where no runtime can be loaded
 */
export async function createOnnxBackend(options: OnnxBackendOptions = {}): Promise<OnnxBackend> {
  return new OrtBackend(await loadRuntime(options), options);
}

class OrtBackend implements OnnxBackend, ProgramOwner {
  readonly kind = 'onnx';
  readonly description: string;
  readonly runtime: RuntimeKind;
  readonly threads: number;
  readonly reason: string;
  readonly ort: OrtModule;
  readonly queue: TaskQueue = new TaskQueue();
  private readonly providers: readonly string[];
  private readonly abilities: RuntimeAbilities;
  private readonly sessions: SessionCache<GraphSession>;
  private disposed = false;

  constructor(runtime: LoadedRuntime, options: OnnxBackendOptions) {
    const { ort, kind, threads, reason, tellsCacheSize } = runtime;
    this.ort = ort;
    this.runtime = kind;
    this.threads = threads;
    this.reason = reason;
    this.providers = options.executionProviders ?? [kind === 'node' ? 'cpu' : 'wasm'];
    this.abilities = {
      mapsFiles: kind === 'node',
      ownOperators: kind === 'node' && tellsCacheSize && this.providers.join() === 'cpu',
    };
    const device = this.providers.map((name) => name.toUpperCase()).join(', ');
    this.description = `onnx (onnxruntime-${kind}, ${device})`;
    this.sessions = new SessionCache(({ session }) => {
      // In turn, so that a run that has begun finds its session.
      void this.queue.add(() => session.release()).catch(() => undefined);
    });
  }

  async compile(
    graph: Graph,
    weights: WeightStore,
    { signal }: CompileOptions = {},
  ): Promise<Program> {
    this.expectAlive();
    signal?.throwIfAborted();
    const lease = await this.sessions.lease(sessionKey(graph, weights), () =>
      this.queue.add(() => this.createSession(graph, weights)),
    );
    if (this.disposed || signal?.aborted === true) {
      lease.release();
      this.expectAlive();
      signal?.throwIfAborted();
    }
    return new OnnxProgram(graph, this, lease);
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      this.sessions.clear();
    }
  }

  expectAlive(): void {
    if (this.disposed) {
      throw new OnnxError('disposed', 'the ONNX backend was used after it was disposed of');
    }
  }

  private async createSession(graph: Graph, weights: WeightStore): Promise<GraphSession> {
    const model = await sessionModel(graph, weights, this.abilities);
    const { bytes, externalData, folder, outputNames } = model;
    try {
      const session = await this.ort.InferenceSession.create(bytes, {
        ...SESSION_OPTIONS,
        ...(folder !== undefined && { extra: extraFor(folder) }),
        executionProviders: this.providers,
        ...(externalData.length > 0 && { externalData }),
        ...(this.runtime === 'node' && { intraOpNumThreads: this.threads, interOpNumThreads: 1 }),
      });
      return { session, outputNames };
    } catch (cause) {
      throw new OnnxError('session', `ONNX Runtime refused "${graph.name}": ${messageOf(cause)}`, {
        cause,
      });
    }
  }
}
