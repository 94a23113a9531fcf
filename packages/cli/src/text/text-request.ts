import type { PictureRequest } from '../segment/segment-request.ts';

/** Everything that `samgpu text` was asked for, checked as far as that needs no file. */
export interface TextRequest extends PictureRequest {
  /** What to look for. */
  readonly words: string;
  /** Address of the detector. */
  readonly grounder: string;
  /** What the detector asks for, if it does. */
  readonly token: string | undefined;
  /** In milliseconds. */
  readonly timeout: number | undefined;
  readonly minScore: number | undefined;
  readonly maxObjects: number | undefined;
}
