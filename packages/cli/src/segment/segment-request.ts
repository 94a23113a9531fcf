import type { BackendChoice } from 'samgpu';

import type { DescribedObject } from '../arguments/described-object.ts';
import type { EdgeKind, OutputFormat } from '../outputs/output-format.ts';

/** What every command that works on pictures is asked for. */
export interface PictureRequest {
  /** Files and folders. */
  readonly inputs: readonly string[];
  readonly recursive: boolean;
  readonly model: string;
  /** A file, folder or address of weights of the user's own. */
  readonly weights?: string | undefined;
  readonly backend: BackendChoice;
  readonly threads?: number | undefined;
  readonly output: string;
  readonly formats: readonly OutputFormat[];
  /** Cut cutouts to the object. */
  readonly crop: boolean;
  readonly json: boolean;
  readonly maxPixels?: number | undefined;
}

/** Everything that `samgpu segment` was asked for, checked as far as that needs no file. */
export interface SegmentRequest extends PictureRequest {
  /** Described on the command line; none where there is a prompts file. */
  readonly objects: readonly DescribedObject[];
  readonly promptsFile?: string | undefined;
  /** Of cutouts. */
  readonly edges: EdgeKind;
  readonly multimask: boolean;
  /** One of the model's ways of answering. */
  readonly mode?: string | undefined;
  readonly connected: boolean;
}
