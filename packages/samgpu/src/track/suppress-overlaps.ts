/** Largest logit of an object where another one is stronger. */
const SUPPRESSED = -10;

/**
 * Leaves each place to the object whose logit is highest there; of equal ones to the first
 * (`_apply_non_overlapping_constraints` of SAM 2).
 *
 * @param logits - of all objects on one frame, equally long; changed in place
 */
export function suppressOverlaps(logits: readonly Float32Array[]): void {
  const [first] = logits;
  if (first === undefined || logits.length === 1) {
    return;
  }
  for (let place = 0; place < first.length; place++) {
    let strongest = 0;
    for (let object = 1; object < logits.length; object++) {
      if (logits[object]![place]! > logits[strongest]![place]!) {
        strongest = object;
      }
    }
    for (const [object, own] of logits.entries()) {
      if (object !== strongest) {
        own[place] = Math.min(own[place]!, SUPPRESSED);
      }
    }
  }
}
