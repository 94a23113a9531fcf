/**
 * How the outputs of a decoder answer a request. Written down once per variant, so that everything
 * that asks a model — one prompt, a grid of points, a comparison with official outputs — gets the
 * masks and scores that its official predictor returns.
 */
import type { Variant } from './variant.ts';
import { VariantError } from './variant-error.ts';

/** Which masks of a decoder answer, and which of its scores go with them. */
export interface AnswerRule {
  /** Along the axis of masks of `logits`, in the official order. */
  readonly masks: readonly number[];
  /** Along the second axis of `scores`, one for each mask. @defaultValue `masks` */
  readonly scores?: readonly number[];
  /** Whether only the one with the highest score answers. @defaultValue false */
  readonly bestOnly?: boolean;
}

/** One way in which a model may be asked. */
export interface AnswerMode {
  /** What callers type. */
  readonly name: string;
  readonly description: string;
  /** One mask: `multimask_output=False`. */
  readonly single: AnswerRule;
  /** The alternatives for an ambiguous prompt: `multimask_output=True`. */
  readonly multiple: AnswerRule;
  /** Every mask that the decoder gives, for models whose official predictor offers that. */
  readonly all?: AnswerRule;
}

/** How many masks are wanted. */
export type AnswerCount = 'single' | 'multiple' | 'all';

export interface AnswerRequest {
  /** @defaultValue 'single' */
  readonly count?: AnswerCount | undefined;
  /** Name of an {@link AnswerMode}. @defaultValue the variant's first */
  readonly mode?: string | undefined;
}

/** A mask of the decoder and its score. */
export interface Answer {
  /** Along the axis of masks of `logits`. */
  readonly mask: number;
  readonly score: number;
}

/**
 * The rule that a request falls under. It does not depend on scores: what it does not name need not
 * be read from the device.
 *
 * @throws VariantError `unknown-answer`
 */
export function answerRule(
  { name, masks }: Pick<Variant, 'name' | 'masks'>,
  { count = 'single', mode }: AnswerRequest = {},
): AnswerRule {
  const [first] = masks.answers;
  const chosen = mode === undefined ? first : masks.answers.find((one) => one.name === mode);
  if (chosen === undefined) {
    const known = masks.answers.map((one) => `"${one.name}"`).join(', ');
    throw new VariantError(
      'unknown-answer',
      `${name} has no answers of the mode "${mode}"; wanted one of ${known}`,
    );
  }
  const rule = chosen[count];
  if (rule === undefined) {
    throw new VariantError(
      'unknown-answer',
      `${name} cannot give all masks at once; ask for a single one or for alternatives`,
    );
  }
  return rule;
}

/**
 * The masks that answer a request, in the official order.
 *
 * @param scores - of one prompt, as the decoder gave them
 * @throws VariantError `unknown-answer`
 */
export function answersTo(
  variant: Pick<Variant, 'name' | 'masks'>,
  scores: ArrayLike<number>,
  request?: AnswerRequest,
): Answer[] {
  const rule = answerRule(variant, request);
  const answers = rule.masks.map((mask, index): Answer => {
    const score = scores[rule.scores?.[index] ?? mask];
    return { mask, score: score! };
  });
  if (rule.bestOnly !== true) {
    return answers;
  }
  return [answers.reduce((best, answer) => (answer.score > best.score ? answer : best))];
}
