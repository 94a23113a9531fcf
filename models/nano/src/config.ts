/** Sizes of a nano network. The side of the input is free: there is no learned position table. */
export interface NanoConfig {
  /** Side of the square input in pixels, a multiple of 16. */
  readonly size: number;
  /** Residual blocks at stride 4 and at stride 8. */
  readonly residualBlocks: readonly [number, number];
  readonly transformerBlocks: number;
  readonly transformerHeads: number;
  readonly decoderLayers: number;
  readonly decoderHeads: number;
  /** Mask outputs: one for unambiguous prompts, then the candidates for a single click. */
  readonly masks: number;
}

export const nanoConfig: NanoConfig = {
  size: 384,
  residualBlocks: [2, 2],
  transformerBlocks: 4,
  transformerHeads: 4,
  decoderLayers: 2,
  decoderHeads: 4,
  masks: 4,
};

/** Image pixels per cell of the three feature maps. */
export const STRIDE = { embedding: 16, features8: 8, features4: 4 } as const;
