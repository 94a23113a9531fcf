import type { Size } from '@samgpu/mask';

/** The numbers that define a matte, so that they stand in one place wherever it is made. */
export interface MatteRules {
  readonly separation: {
    /** Of a label on the outline. */
    readonly leastWeight: number;
    /** Added to the variance of each colour channel. */
    readonly regularization: number;
    /** The least that the opacity of a line has. */
    readonly leastVariance: number;
    /** An opacity with more is as good as unknown. */
    readonly mostVariance: number;
    /** Samples fewer than about this many on a side leave its mean open. */
    readonly fewSamples: number;
    /** Mean weight of lines below which no window said anything. */
    readonly leastCertainty: number;
    /** Variance where nothing is known. */
    readonly unknownVariance: number;
  };
  readonly estimate: {
    /** Standard deviation of an opacity on the outline from its label. */
    readonly doubtOnOutline: number;
    readonly leastDoubt: number;
    /** As near to 0 or 1 an opacity stays there, if it is as sure as that. */
    readonly settled: number;
    readonly settledCertainty: number;
  };
  readonly closedForm: {
    /** Added to the variance of each colour channel. */
    readonly regularization: number;
    /** How strongly the estimate pulls, times its certainty. */
    readonly pull: number;
    readonly iterations: number;
    /** Share of the first residual that may remain. */
    readonly tolerance: number;
  };
  readonly levels: {
    /** What lies this close to 0 or 1 is left there. */
    readonly haze: number;
    /** And so many standard deviations. */
    readonly hazeDeviations: number;
    readonly mostHaze: number;
  };
}

/** Cells near the outline of a mask, with one sample each. */
export interface MatteCells extends Size {
  /** Of a cell, in pixels. */
  readonly side: number;
  /** The first column and row, in cells of the picture. */
  readonly left: number;
  readonly top: number;
  /** 0 to 1. */
  readonly colors: Float32Array; // [height, width, 3]
  /** 1 inside the mask, 0 outside. */
  readonly labels: Uint8Array; // [height, width]
  /** From the outline, in pixels. */
  readonly distance: Float32Array; // [height, width]
  /** 0 for a sample that is transparent and has no colour. */
  readonly seen: Uint8Array; // [height, width]
}

/** A matte that is to be made. */
export interface MatteTask {
  readonly method: 'fast' | 'best';
  readonly picture: Size;
  readonly cells: MatteCells;
  /** Sizes of windows, and the distance from the outline from which on a label counts fully. */
  readonly windows: readonly {
    /** In cells, at least 2. */
    readonly radius: number;
    /** In pixels. */
    readonly trusted: number;
  }[];
  /** Cells further from the outline get no line, in pixels. */
  readonly reach: number;
  /** Radius over which neighbouring lines are averaged, in cells. */
  readonly smoothing: number;
  /** The band, in pixels. */
  readonly outside: number;
  readonly inside: number;
  /** Pixels of the largest tile, margins included. */
  readonly largestTile: number;
  readonly rules: MatteRules;
}

/** A part of the picture that is solved by itself. */
export interface MatteTile extends Size {
  /** In the picture, margins included; may be beyond its border. */
  readonly left: number;
  readonly top: number;
  /** Pixels around it that are solved with it, but not wanted. */
  readonly margin: number;
}

/** Mattes in the making on a device. */
export interface MatteRun {
  /** Pixels that tiles may have together, at least those of the largest. */
  readonly capacity: number;
  /**
   * @param pixels - of the tiles, one after the other: red, green, blue, and 1 inside the mask, from
   *   the lowest byte on. Not to be changed until the result is there.
   * @returns levels of the tiles without their margins, one after the other, each row filled up to a
   *   multiple of four bytes
   */
  solve(tiles: readonly MatteTile[], pixels: Uint32Array<ArrayBuffer>): Promise<Uint8Array>;
  /** Frees what it holds. */
  dispose(): void;
}

/**
 * Makes mattes elsewhere, such as on a GPU: `mattes` of a backend of `@samgpu/webgpu` is one. It gives
 * what this package gives, but for rounding.
 */
export interface MatteDevice {
  /** @returns `undefined` where the device has no room for work of that size */
  start(task: MatteTask): Promise<MatteRun | undefined>;
}
