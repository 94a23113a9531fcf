import type { Mask, RgbaColor, RgbColor, Size } from '@samgpu/mask';

import type { View } from '../view/view.ts';

/** One mask as it is to be shown. */
export interface OverlayShape {
  readonly mask: Mask;
  readonly color: RgbColor;
  /** Of the tint, 0 to 1. */
  readonly fill: number;
  /** `ants`: dashes that march along the edge. */
  readonly line: 'none' | 'solid' | 'ants';
  /** Of tint and line, 0 to 1. */
  readonly opacity: number;
}

/** How all lines look. Lengths are CSS pixels. */
export interface LineStyle {
  readonly width: number;
  /** Around the line, so that it is seen on light and on dark. */
  readonly haloWidth: number;
  readonly haloColor: RgbaColor;
  /** The two colours of marching ants, and how long each dash is. */
  readonly antsColor: RgbaColor;
  readonly antsGapColor: RgbaColor;
  readonly dash: number;
}

/** What lies over a picture. */
export interface OverlayScene {
  /** The last lies on top. */
  readonly shapes: readonly OverlayShape[];
  readonly line: LineStyle;
  readonly view: View;
  /** Whether the view is on its way: quickly rather than well, since another drawing will follow. */
  readonly isMoving: boolean;
}

/** Draws overlays on canvases of its own. */
export interface OverlayRenderer {
  readonly kind: '2d' | 'webgpu';
  /** To be put over the picture, in this order. */
  readonly canvases: readonly HTMLCanvasElement[];
  /** @param size - of the canvases, in device pixels */
  resize(size: Size, pixelRatio: number): void;
  /** Takes over another scene; `march` has to follow. */
  draw(scene: OverlayScene): void;
  /**
   * Shows what was drawn last, with its ants further on.
   *
   * @param phase - how far they have come, in CSS pixels
   */
  march(phase: number): void;
  dispose(): void;
}
