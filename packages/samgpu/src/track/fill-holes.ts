import { connectedComponents } from '@samgpu/mask';

/** Logit of a cell of a filled hole: just inside. */
const FILLED = 0.1;

/**
 * Fills holes: pieces of background, touching by sides or corners, of at most so many cells, also at the
 * edge (`fill_holes_in_mask_scores` of SAM 2).
 *
 * @param logits - `[height, width]`; at most 0 is background
 * @returns the same array where there is nothing to fill
 */
export function fillHoles(
  logits: Float32Array<ArrayBuffer>,
  size: { readonly width: number; readonly height: number },
  largest: number,
): Float32Array<ArrayBuffer> {
  if (largest <= 0) {
    return logits;
  }
  const background = Uint8Array.from(logits, (logit) => (logit <= 0 ? 1 : 0));
  const { components, labels } = connectedComponents({ ...size, data: background });
  if (components.every(({ area }) => area > largest)) {
    return logits;
  }
  return logits.map((logit, cell) => {
    const label = labels[cell]!;
    return label > 0 && components[label - 1]!.area <= largest ? FILLED : logit;
  });
}
