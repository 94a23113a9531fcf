// Weights as a pure function of a parameter's name, its shape and a seed, so that a network can be compared with
// the official one without any checkpoint. The rules are those of the parity data's README files; the official
// networks' outputs in `golden.safetensors` were computed with the same values.

import { fnv1a32, mix32, unitInterval } from './hash.ts';

/** Which table of rules counts: that of SAM, MobileSAM, HQ-SAM, EfficientSAM and EdgeSAM, or of the named system. */
export type FormulaFamily = 'sam' | 'sam2' | 'fastsam';

export interface FormulaOptions {
  /** Uint32. */
  readonly seed: number;
  /** Default `sam`. */
  readonly family?: FormulaFamily;
  /** Gains by pattern of the key, of which the first that matches counts; by default the family's. */
  readonly gains?: readonly (readonly [pattern: RegExp, gain: number])[];
  /** FastSAM's gain on convolutions before a batch norm: 1.5 (default) for size s, 1.33 for x. */
  readonly gain?: number;
  /** Added to all values of a key, after everything else. */
  readonly offsets?: ReadonlyMap<string, number>;
  /** `ramp * (i mod 16)` is added to value i of a key, after everything else. */
  readonly ramps?: ReadonlyMap<string, number>;
}

export interface FormulaRule {
  /** The letter in the README's table, with the gain if there is one: `g1*0.3`. */
  readonly rule: string;
  readonly offset: number;
  /** Exact in float32. */
  readonly scale: number;
}

/** `fround(offset + fround(scale * u))`, with u in [-1, 1) from the hash of key, seed and index. */
export function formulaValues(
  key: string,
  size: number,
  { seed, offset = 0, scale }: { seed: number; offset?: number; scale: number },
): Float32Array {
  const start = fnv1a32(key) ^ seed;
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const u = unitInterval(mix32(start + Math.imul(i, 0x9e3779b9)));
    values[i] = offset + Math.fround(scale * u);
  }
  return values;
}

const distributionKey = 'model.22.dfl.conv.weight';

/**
 * The formula weights of one parameter.
 *
 * @param key - the name in the official `state_dict`
 * @returns row-major values of `shape`
 */
export function formulaTensor(
  key: string,
  shape: readonly number[],
  options: FormulaOptions,
): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const { seed, offsets, ramps } = options;
  const { rule, offset, scale } = formulaRule(key, shape, options);
  if (rule === 'official value') {
    return Float32Array.from({ length: size }, (_, i) => i);
  }
  const values = formulaValues(key, size, { seed, offset, scale });
  const added = offsets?.get(key);
  const ramp = ramps?.get(key);
  if (added === undefined && ramp === undefined) {
    return values;
  }
  return values.map((value, i) => {
    const shifted = added === undefined ? value : Math.fround(added + value);
    return ramp === undefined ? shifted : shifted + ramp * (i % 16);
  });
}

/** The rule that gives offset and scale of a parameter. The first that matches counts. */
export function formulaRule(
  key: string,
  shape: readonly number[],
  {
    family = 'sam',
    gain: convolutionGain = 1.5,
    gains,
  }: Pick<FormulaOptions, 'family' | 'gain' | 'gains'> = {},
): FormulaRule {
  if (family === 'fastsam' && key === distributionKey) {
    return { rule: 'official value', offset: 0, scale: 1 };
  }
  const { rule, offset, base } = baseRule(key, shape, family);
  const gain =
    gains === undefined
      ? gainOf(key, family, convolutionGain)
      : (gains.find(([pattern]) => pattern.test(key))?.[1] ?? 1);
  return {
    rule: gain === 1 ? rule : `${rule}*${gain}`,
    offset,
    scale: Math.fround(gain * base),
  };
}

interface BaseRule {
  readonly rule: string;
  readonly offset: number;
  readonly base: number;
}

function baseRule(key: string, shape: readonly number[], family: FormulaFamily): BaseRule {
  if (key.endsWith('num_batches_tracked')) {
    return { rule: 'c', offset: 0, base: 0 };
  }
  if (key.endsWith('running_var')) {
    return { rule: 'a', offset: 1, base: 0.5 };
  }
  if (key.endsWith('running_mean')) {
    return { rule: 'b', offset: 0, base: 0.1 };
  }
  if (key.endsWith('positional_encoding_gaussian_matrix')) {
    return { rule: 'f2', offset: 0, base: 1 };
  }
  if (family === 'sam' && /(^|\.)attention_biases$/.test(key)) {
    return { rule: 'f3', offset: 0, base: 1 };
  }
  if ((family === 'sam' ? samTable : sam2Table).test(key)) {
    return { rule: 'f1', offset: 0, base: 0.1 };
  }
  if (shape.length === 1) {
    return key.endsWith('weight')
      ? { rule: 'd', offset: 1, base: 0.1 }
      : { rule: 'e', offset: 0, base: 0.05 };
  }
  if ((family === 'sam' ? samTransposed : sam2Transposed).test(key)) {
    return { rule: 'g2', offset: 0, base: Math.sqrt(3 / (shape[0] ?? 1)) };
  }
  const fanIn = shape.slice(1).reduce((product, length) => product * length, 1);
  return { rule: 'g1', offset: 0, base: Math.sqrt(3 / fanIn) };
}

// Rule f1: learned tables and tokens.
const samTable =
  /(^|\.)(pos_embed|rel_pos_[hw]|(iou_token|mask_tokens|hf_token|no_mask_embed|not_a_point_embed|invalid_points|bbox_(top_left|bottom_right)_embeddings|point_embeddings(\.\d+)?)\.weight)$/;
const sam2Table =
  /(pos_embed|pos_embed_window|maskmem_tpos_enc|no_mem_embed|no_mem_pos_enc|no_obj_ptr|no_obj_embed_spatial|(iou_token|mask_tokens|obj_score_token|not_a_point_embed|no_mask_embed)\.weight)$|\.point_embeddings\./;

// Rule g2: transposed convolutions with kernel 2 and stride 2, whose fan-in is their first axis.
const samTransposed =
  /(^|\.)((output_upscaling|compress_vit_feat|embedding_encoder)\.[03]|final_output_upscaling_layers\.\d+\.0)\.weight$/;
const sam2Transposed = /((^|\.)output_upscaling\.[03]|\.proto\.upsample)\.weight$/;

function gainOf(key: string, family: FormulaFamily, convolutionGain: number): number {
  if (family === 'sam') {
    // Without it RepViT's residual branches would grow to a million.
    return /(token_mixer\.0\.conv1?|channel_mixer\.m\.2)\.c\.weight$/.test(key) ? 0.3 : 1;
  }
  if (family === 'fastsam') {
    if (key.endsWith('.conv.weight')) {
      return convolutionGain;
    }
    return /(^|\.)model\.22\.cv3\.\d+\.2\.weight$/.test(key) ? 0.5 : 1;
  }
  return 1;
}
