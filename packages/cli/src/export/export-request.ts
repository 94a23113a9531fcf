import type { TargetDtype } from '@samgpu/weights';

/** Everything that `samgpu export` was asked for. */
export interface ExportRequest {
  readonly model: string;
  /** A file or folder; else the model's own weights. */
  readonly weights?: string | undefined;
  /** @defaultValue as they are stored */
  readonly dtype?: TargetDtype | undefined;
  /** Objects that the decoder takes at once. */
  readonly prompts: number;
  /** Tokens of each. */
  readonly tokens: number;
  /** Weights beside the models even where they would fit into them. */
  readonly externalData: boolean;
  readonly output?: string | undefined;
  /** Replace what an earlier export wrote there. */
  readonly force: boolean;
  readonly json: boolean;
}
