/** Numbers that define a matte; whoever asks for one brings them, so that they stand in one place. */

/** How colours are separated. */
export interface SeparationRules {
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
}

/** How colours and mask become an opacity. */
export interface EstimateRules {
  /** Standard deviation of an opacity on the outline from its label. */
  readonly doubtOnOutline: number;
  readonly leastDoubt: number;
  /** As near to 0 or 1 an opacity stays there, if it is as sure as that. */
  readonly settled: number;
  readonly settledCertainty: number;
}

/** How the equations of closed-form matting are made and solved. */
export interface ClosedFormRules {
  /** Added to the variance of each colour channel. */
  readonly regularization: number;
  /** How strongly the estimate pulls, times its certainty. */
  readonly pull: number;
  readonly iterations: number;
  /** Share of the first residual that may remain. */
  readonly tolerance: number;
}

/** How opacities become levels. */
export interface LevelRules {
  /** What lies this close to 0 or 1 is left there. */
  readonly haze: number;
  /** And so many standard deviations. */
  readonly hazeDeviations: number;
  readonly mostHaze: number;
}
