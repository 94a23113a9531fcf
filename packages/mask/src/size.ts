/** Width and height in whole pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `true` when both sides are whole and at least 1. */
export function isValidSize({ width, height }: Size): boolean {
  return Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1;
}
