import type { Box, Point } from 'samgpu';

/** One object to segment, as the user described it. */
export interface DescribedObject {
  readonly points: readonly Point[];
  readonly box?: Box;
  /** Path of a mask to start from. */
  readonly maskFile?: string;
}
