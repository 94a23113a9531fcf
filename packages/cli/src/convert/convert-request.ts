import type { TargetDtype } from '@samgpu/weights';

/** Everything that `samgpu convert` was asked for. */
export interface ConvertRequest {
  /** A file or a folder. */
  readonly checkpoint: string;
  /** What the user says that it is; else it is recognised. */
  readonly model?: string | undefined;
  readonly dtype: TargetDtype;
  /** @defaultValue the model's name and the dtype */
  readonly output?: string | undefined;
  /** Replace what an earlier conversion wrote there. */
  readonly force: boolean;
  /** Bytes that one file may hold. */
  readonly shardBytes?: number | undefined;
  /** A picture to measure on. */
  readonly image?: string | undefined;
  readonly json: boolean;
}
