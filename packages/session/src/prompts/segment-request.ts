// How strokes and outlines are put to a model. Compared by the masks that nano gives for objects of drawn
// scenes (mean IoU): an outline as mask and box 0.76, as box 0.69, as box and point 0.71, as mask alone
// 0.66; a stroke as faint mask and three points 0.66, as three points 0.63, as mask alone 0.19. Corrections
// of a first click: what a stroke or outline adds to the mask before, or takes from it, with one point in
// it, 0.71 and 0.65; the logits before with the same point, 0.65 and 0.55.

import { type Box, combineMasks, type Logits, type Mask, type Size } from '@samgpu/mask';
import type { Point } from 'samgpu';

import type { SegmentRequest } from '../engine/engine.ts';
import type { EngineCapabilities } from '../engine/model-description.ts';
import { boxAround, pointsAlong } from './path.ts';
import { lassoRegion, middleOf, strokeRegion } from './regions.ts';
import type { LassoPrompt, Position, ScribblePrompt, SessionPrompt } from './session-prompt.ts';

/** The latest answer that prompts go on from. */
export interface PreviousAnswer {
  /** How many of the prompts it answered. */
  readonly count: number;
  readonly mask: Mask;
}

type Drawn = LassoPrompt | ScribblePrompt;

/** Points that stand for a stroke: more of them tell the model less. */
const STROKE_POINTS = 3;

const regions = new WeakMap<Drawn, Mask>();
const middles = new WeakMap<LassoPrompt, Position>();

/** What a model is asked for these prompts. */
export function segmentRequest(
  prompts: readonly SessionPrompt[],
  image: Size,
  capabilities: EngineCapabilities,
  previous: PreviousAnswer | undefined,
): SegmentRequest {
  const points = pointsFor(prompts).filter(
    ({ x, y, label }) =>
      x < image.width &&
      y < image.height &&
      (label === 'exclude' ? capabilities.excludePoints : capabilities.includePoints),
  );
  const box = capabilities.boxes ? boxFor(prompts, image) : undefined;
  const start = capabilities.previousMask ? maskFor(prompts, image, previous) : undefined;
  const isClear = points.length > 1 || box !== undefined || start !== undefined;
  const request = {
    ...(points.length > 0 && { points }),
    ...(box && { box }),
    ...start,
    answers: isClear ? 'clear' : 'ambiguous',
  } as const;
  return 'points' in request || 'box' in request || 'mask' in request
    ? request
    : { ...request, ...substitute(prompts, image, capabilities) };
}

/** An outline of all that is meant needs no point: mask and box tell more. */
function pointsFor(prompts: readonly SessionPrompt[]): Point[] {
  const meant = prompts.filter((prompt) => !('label' in prompt) || prompt.label === 'include');
  return prompts.flatMap((prompt, i): Point[] => {
    switch (prompt.kind) {
      case 'point':
        return [{ x: prompt.x, y: prompt.y, label: prompt.label }];
      case 'scribble':
        return pointsAlong(prompt.path, STROKE_POINTS).map((at) => ({
          ...at,
          label: prompt.label,
        }));
      case 'lasso':
        return i === 0 && meant.length === 1 && meant[0] === prompt
          ? []
          : [{ ...middle(prompt), label: prompt.label }];
      default:
        return [];
    }
  });
}

/** The box that was drawn or, where all began with an outline, that around all that is meant. */
function boxFor(prompts: readonly SessionPrompt[], image: Size): Box | undefined {
  const drawn = prompts.find((prompt) => prompt.kind === 'box');
  if (drawn !== undefined) return drawn.box;
  const [first] = prompts;
  if (first?.kind !== 'lasso' || first.label !== 'include') return undefined;
  return boxWithin(prompts.flatMap(includedPositions), image);
}

function includedPositions(prompt: SessionPrompt): readonly Position[] {
  if (prompt.kind === 'box' || prompt.kind === 'mask' || prompt.label === 'exclude') return [];
  return prompt.kind === 'point' ? [prompt] : prompt.path;
}

function boxWithin(positions: readonly Position[], image: Size): Box {
  const { x, y, width, height } = boxAround(positions);
  const [left, top] = [Math.min(x, image.width - 1), Math.min(y, image.height - 1)];
  return { x: left, y: top, width, height };
}

/** The mask to start from: the one before, with what was drawn since added or taken away. */
function maskFor(
  prompts: readonly SessionPrompt[],
  image: Size,
  previous: PreviousAnswer | undefined,
): { readonly mask: Mask | Logits; readonly isHint?: boolean } | undefined {
  const since = prompts.slice(previous?.count ?? 0);
  const given = since.findLast((prompt) => prompt.kind === 'mask')?.mask;
  const drawn = since.filter((prompt) => prompt.kind === 'lasso' || prompt.kind === 'scribble');
  const before = given ?? previous?.mask;
  if (drawn.length === 0) {
    const logits = given === undefined ? previous?.mask.logits : undefined;
    const mask = logits ?? before;
    return mask && { mask };
  }
  const start = drawn.reduce((mask: Mask | undefined, prompt) => {
    const region = regionOf(prompt, image);
    if (mask === undefined) return prompt.label === 'include' ? region : undefined;
    return combineMasks(mask, region, prompt.label === 'include' ? 'add' : 'subtract');
  }, before);
  if (start === undefined) return undefined;
  const isHint = before === undefined && drawn.every(({ kind }) => kind === 'scribble');
  return { mask: start, ...(isHint && { isHint }) };
}

/** What can be said to a model that does not take what was said, at least roughly. */
function substitute(
  prompts: readonly SessionPrompt[],
  image: Size,
  { boxes }: EngineCapabilities,
): Pick<SegmentRequest, 'points' | 'box'> {
  const lasso = prompts.find((prompt) => prompt.kind === 'lasso');
  if (lasso !== undefined) return { points: [{ ...middle(lasso), label: 'include' }] };
  const bounds =
    prompts.find((prompt) => prompt.kind === 'box')?.box ??
    prompts.find((prompt) => prompt.kind === 'mask')?.mask.bounds;
  if (bounds === undefined || bounds.width === 0) return {};
  if (boxes) return { box: bounds };
  const x = Math.min(image.width - 1, bounds.x + bounds.width / 2);
  const y = Math.min(image.height - 1, bounds.y + bounds.height / 2);
  return { points: [{ x, y, label: 'include' }] };
}

function regionOf(prompt: Drawn, image: Size): Mask {
  const known = regions.get(prompt);
  if (known !== undefined) return known;
  const make = prompt.kind === 'lasso' ? lassoRegion : strokeRegion;
  const region = make(prompt.path, image);
  regions.set(prompt, region);
  return region;
}

function middle(prompt: LassoPrompt): Position {
  const known = middles.get(prompt) ?? middleOf(prompt.path);
  middles.set(prompt, known);
  return known;
}
