import type { EverythingOptions } from 'samgpu';

import type { PictureRequest } from '../segment/segment-request.ts';

/** Everything that `samgpu everything` was asked for, checked as far as that needs no file. */
export interface EverythingRequest extends PictureRequest {
  readonly options: EverythingOptions;
}
