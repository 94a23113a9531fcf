/** One of TinyViT's layers: blocks, then a step to the width of the next layer. */
export interface TinyVitLayer {
  /** Channels of the blocks. */
  readonly width: number;
  /** Blocks. */
  readonly depth: number;
  /** Undefined where the blocks are convolutions. */
  readonly attention?: { readonly heads: number; readonly window: number };
}

/** Sizes of a TinyViT. */
export interface TinyVitConfig {
  readonly layers: readonly TinyVitLayer[];
  /** Layers that hand on a map of half their size. The last one hands on what it has. */
  readonly halvingLayers: readonly number[];
}

/**
 * TinyViT-5M as MobileSAM uses it (`build_sam_vit_t` of build_sam.py).
 *
 * Wu et al., "TinyViT: Fast Pretraining Distillation for Small Vision Transformers", 2022, halves
 * the map after the third layer, too; MobileSAM does not, so its embedding is as large as SAM's.
 */
export const tinyVit: TinyVitConfig = {
  layers: [
    { width: 64, depth: 2 },
    { width: 128, depth: 2, attention: { heads: 4, window: 7 } },
    { width: 160, depth: 6, attention: { heads: 5, window: 14 } },
    { width: 320, depth: 2, attention: { heads: 10, window: 7 } },
  ],
  halvingLayers: [0, 1],
};
