/** What `samgpu doctor` finds. `--json` writes it as it is. */
export interface Diagnosis {
  readonly samgpu: string;
  readonly node: string;
  readonly machine: Machine;
  readonly backends: readonly BackendDiagnosis[];
  /** What `--backend auto` takes here, or why nothing runs. */
  readonly chosen: ChosenBackendDiagnosis | { readonly error: string };
  readonly webgpu: WebgpuDiagnosis;
  readonly images: ImageDiagnosis;
  readonly videos: VideoDiagnosis;
  readonly cache: CacheDiagnosis;
}

/** Where downloaded weights are kept. */
export interface CacheDiagnosis {
  readonly folder: string;
  /** Of everything in it. */
  readonly bytes: number;
  /** `SAMGPU_MODEL_BASE`: where files are taken from in place of their own addresses. */
  readonly mirror: string | null;
}

export interface Machine {
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  /** In bytes. */
  readonly memory: number;
  readonly freeMemory: number;
}

export interface BackendDiagnosis {
  readonly name: string;
  readonly available: boolean;
  /** A version, or why it is not available. */
  readonly detail: string;
}

export interface ChosenBackendDiagnosis {
  readonly kind: string;
  readonly description: string;
  readonly reason: string;
  /** The model that was loaded to find out, and how long that took in milliseconds. */
  readonly model: string;
  readonly loadTime: number;
}

export interface WebgpuDiagnosis {
  /** Version of the npm package `webgpu`, null where it is not installed. */
  readonly package: string | null;
  readonly adapter: AdapterDiagnosis | null;
  readonly note: string;
}

export interface AdapterDiagnosis {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallback: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

export interface ImageDiagnosis {
  /** Version of sharp, null where it does not load. */
  readonly sharp: string | null;
  readonly formats: readonly string[];
  readonly note?: string;
}

/** FFmpeg's programs on PATH: versions, null where one is not there. */
export interface VideoDiagnosis {
  /** Decodes and writes videos. */
  readonly ffmpeg: string | null;
  /** Tells how many frames there are. */
  readonly ffprobe: string | null;
}
