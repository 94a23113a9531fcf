/**
 * Names that both ends of the HTTP protocol share; README has the protocol itself.
 */

/** The beginning of all paths, below the address of the server. */
export const API: string = '/v1';

/** Answers: a JSON value per line, each a `WireEvent`; the last is a `result` or an `error`. */
export const EVENTS: string = 'application/x-ndjson';

/** Pixels as they are, row by row, with `width`, `height` and `channels` (3 or 4) in the address. */
export const PIXELS: string = 'application/x-samgpu-pixels';

/** Methods on an image, and what their last parts of the path are. */
export const IMAGE_METHODS = {
  segment: 'segment',
  everything: 'everything',
  findText: 'text',
  matte: 'matte',
} as const;
