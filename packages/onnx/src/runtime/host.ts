import type { OrtModule } from './ort.ts';

/** What differs between Node and browsers. The import map of package.json chooses. */
export interface Host {
  /** Cores that threads could use. */
  readonly cores: number;
  /** Whether WebAssembly may use threads here, and if not, why. */
  readonly wasmThreads: { readonly available: boolean; readonly reason: string };
  /**
   * Whether ONNX Runtime's CPU provider learns from the system how large caches are. Without, its
   * attention stores all scores.
   */
  readonly tellsCacheSize: boolean;
  /** Loads onnxruntime-node; rejects where it is not installed or cannot run. */
  loadNative(): Promise<OrtModule>;
  /** Loads onnxruntime-web. */
  loadWeb(): Promise<OrtModule>;
}
