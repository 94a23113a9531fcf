export interface TrackerRules {
  /** Most cells of a hole that is filled. @defaultValue the model's */
  readonly fillHoles?: number;
  /** Whether prompts on frames that were tracked count everywhere, and not only near. @defaultValue false */
  readonly correctionsCondition?: boolean;
  /** Most conditioning frames that are looked at, those closest in time. @defaultValue all */
  readonly mostConditioning?: number;
  /**
   * Whether masks that were clicked are remembered as they are seen, as inside or outside, and not as
   * shares. @defaultValue true
   */
  readonly remembersAsSeen?: boolean;
  /**
   * How far from the frame at work what was tracked is kept. Prompts on frames further back start anew.
   *
   * @defaultValue 48
   */
  readonly keep?: number;
  /** Encoded frames that are kept. @defaultValue 3 */
  readonly keepFrames?: number;
}

/** All rules, with those of the model where none are given. */
export function trackerRules(
  rules: TrackerRules,
  { fillHoles }: { readonly fillHoles: number },
): Required<TrackerRules> {
  return {
    fillHoles: rules.fillHoles ?? fillHoles,
    correctionsCondition: rules.correctionsCondition ?? false,
    mostConditioning: rules.mostConditioning ?? Infinity,
    remembersAsSeen: rules.remembersAsSeen ?? true,
    keep: rules.keep ?? 48,
    keepFrames: rules.keepFrames ?? 3,
  };
}
