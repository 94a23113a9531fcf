import { type Bitmap, upsampleLogits } from '@samgpu/mask';
import type { ParityCase } from '@samgpu/testing';
import { type PromptToken, TokenLabel } from '@samgpu/variant';

import type { FrameOutput } from '../../../../samgpu/src/track/frame-output.ts';
import { readMemory } from '../../../../samgpu/src/track/memory-copy.ts';
import type { ObjectOutput } from '../../../../samgpu/src/track/tracker.ts';
import { comparedBits } from '../../core/masks.ts';
import { compared, type Limit } from '../../core/stage-list.ts';
import { Frame } from '../../network/samgpu.ts';
import { pixelsNearThreshold } from './pixels-near-threshold.ts';
import type { ObservedTracker, VideoCase, VideoScenario, VideoStep } from './video-case.ts';

/** Where an object without an output is not. */
const NOWHERE = -1024;
/** Six times what float64 differs by, which are few steps of rounding. */
const ROUNDED_RMS = 1.5e-3;

/** The calls of a scenario, one after the other, with everything that the case holds of each. */
export async function checkScenario(
  videoCase: VideoCase,
  scenario: VideoScenario,
  observed: ObservedTracker,
): Promise<void> {
  for (const [index, step] of scenario.steps.entries()) {
    const tag = `${scenario.name}.${index}`;
    if (step.op === 'propagate') {
      await checkPropagation(videoCase, tag, step, observed);
    } else {
      await checkPrompt(videoCase, tag, step, observed);
    }
  }
}

async function checkPrompt(
  videoCase: VideoCase,
  tag: string,
  step: VideoStep,
  { tracker, programs }: ObservedTracker,
): Promise<void> {
  const { stages } = videoCase;
  const { size } = await tracker.frames.get(step.frame!);
  const objects =
    step.op === 'mask'
      ? await tracker.addMask(step.frame!, step.obj!, rectangle(step.rect!, size))
      : await tracker.addPoints(
          step.frame!,
          step.obj!,
          tokensOf(step, new Frame(size, videoCase.variant.tracking.preprocessing)),
          step.clear_old_points === false,
        );
  await checkMasks(videoCase, tag, objects, size);
  const output = objects.find(({ object }) => object === step.obj)!.output!;
  await stages.compare(`${tag}.obj_ptr`, output.pointer);
  await stages.compare(`${tag}.object_score_logits`, [output.objectScore]);
  await stages.compare(`${tag}.low_res`, output.logits);
  if (step.op === 'add') {
    await checkScores(videoCase, `${tag}.iou`, programs.found[0]!.scores, output.score);
  }
}

async function checkPropagation(
  videoCase: VideoCase,
  tag: string,
  { start_frame_idx: from, max_frame_num_to_track: most, reverse = false }: VideoStep,
  observed: ObservedTracker,
): Promise<void> {
  const { stages, frames, log } = videoCase;
  const { tracker, programs } = observed;
  const first =
    from ?? Math.min(...tracker.objects.flatMap(({ pending }) => [...pending.conditioning.keys()]));
  const to =
    most === undefined
      ? undefined
      : reverse
        ? Math.max(first - most, 0)
        : Math.min(first + most, frames - 1);
  const seen: number[] = [];
  for await (const { frame, objects } of tracker.propagate({ from, to, reverse })) {
    seen.push(frame);
    const { size } = await tracker.frames.get(frame);
    const at = `${tag}.f${frame}`;
    await checkMasks(videoCase, at, objects, size);
    const tracked = objects.filter(({ object }) =>
      log.some(({ step, obj, ...rest }) => step === at && obj === object && !isConditioning(rest)),
    );
    for (const { object, output } of objects) {
      await checkOutput(videoCase, `${at}.o${object}`, output!);
    }
    for (const [row, { object, output }] of tracked.entries()) {
      const name = `${at}.o${object}`;
      await checkScores(videoCase, `${name}.iou`, programs.found[row]!.scores, output!.score);
      const recalled = programs.recalled!;
      const cells = recalled.length / programs.views.length;
      const own = recalled.subarray(row * cells, (row + 1) * cells);
      await compareMost(videoCase, `${name}.memory_attention_out`, own);
      await checkMemoryTokens(videoCase, `${name}.memory`, observed, row);
    }
  }
  const expected = [...new Set(log.flatMap(({ step }) => frameOf(step, tag)))];
  if (seen.join() !== expected.join()) {
    stages.fail(tag, `it gave frames ${seen.join(', ')}, wanted ${expected.join(', ')}`);
  }
}

function isConditioning(entry: Readonly<Record<string, unknown>>): boolean {
  return entry['conditioning'] === true;
}

function frameOf(step: string, tag: string): number[] {
  return step.startsWith(`${tag}.f`) ? [Number(step.slice(tag.length + 2))] : [];
}

async function checkOutput(videoCase: VideoCase, name: string, output: FrameOutput): Promise<void> {
  const { golden, stages } = videoCase;
  await stages.compare(`${name}.obj_ptr`, output.pointer);
  await stages.compare(`${name}.object_score_logits`, [output.objectScore]);
  await compareMost(videoCase, `${name}.low_res`, output.logits);
  if (golden.has(`${name}.maskmem_features`)) {
    const { data, shape } = await readMemory(output.memory!);
    const [, cells, width] = shape as [number, number, number];
    const planes = Float32Array.from(data, (_, index) => {
      return data[(index % cells) * width + Math.floor(index / cells)]!;
    });
    await checkRounded(videoCase, `${name}.maskmem_features`, planes);
  }
}

/** Logits at the size of the video of all objects, and masks. */
async function checkMasks(
  videoCase: VideoCase,
  tag: string,
  objects: readonly ObjectOutput[],
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  const { golden, stages } = videoCase;
  const masks = objects.map(({ output }) => {
    const side = Math.sqrt(output?.logits.length ?? 1);
    const data = output?.logits ?? Float32Array.of(NOWHERE);
    const mask = { width: side, height: side, data };
    return upsampleLogits(mask, size, { mode: 'bilinear-direct' }, { returnLogits: true });
  });
  const logits = masks.flatMap((mask) => [...mask.logits!.data]);
  await compareMost(videoCase, `${tag}.video_logits`, logits);
  const name = `${tag}.mask_bits`;
  if (golden.has(name)) {
    const { shape, bits } = await golden.masks(name);
    const allowed = pixelsNearThreshold(golden.description, name);
    const bitmaps = masks.map(({ bitmap }) => bitmap);
    stages.add(comparedBits(name, shape, bitmaps, bits, allowed));
  }
}

/** The official code keeps the scores of the alternatives, or the one of the mask that answers. */
async function checkScores(
  { golden, stages }: VideoCase,
  name: string,
  scores: Float32Array,
  score: number,
): Promise<void> {
  if (golden.has(name)) {
    const { shape } = await golden.golden(name);
    await stages.compare(name, shape.at(-1) === 1 ? [score] : scores.subarray(1));
  }
}

/** What a frame looked at: memories cell by cell, then pointers. */
async function checkMemoryTokens(
  videoCase: VideoCase,
  name: string,
  { programs }: ObservedTracker,
  row: number,
): Promise<void> {
  if (!videoCase.golden.has(name)) {
    return;
  }
  const { recollections, pointers } = programs.views[row]!;
  const memories = await Promise.all(
    recollections.map(async ({ output }) => [...(await readMemory(output.memory!)).data]),
  );
  const tokens = [...memories.flat(), ...pointers.flatMap(({ pointer }) => [...pointer])];
  await checkRounded(videoCase, name, tokens);
}

/**
 * Values rounded to bfloat16: the smallest difference before may lead to the neighbour. The root mean
 * square is what is left of few such steps.
 */
async function checkRounded(
  videoCase: VideoCase,
  name: string,
  values: ArrayLike<number>,
): Promise<void> {
  if (videoCase.golden.has(name)) {
    const { stats, limit } = await videoCase.golden.golden(name);
    const step = 2 ** (Math.floor(Math.log2(stats!.absmax)) - 7);
    await compareMost(videoCase, name, values, {
      maxAbs: Math.max(step, limit?.maxAbs ?? 0),
      rms: Math.max(ROUNDED_RMS, limit?.rms ?? 0),
    });
  }
}

/** One value of so many may be off by any amount where a threshold comes before. */
const OUTLIERS = 1000;

/**
 * Compares all but a thousandth of the values. Masks that were clicked are remembered as inside or
 * outside, and holes are filled by the sign of a logit: of a million pixels a few are closer to the
 * threshold than float32 can tell, and those that come out the other way change what is around them, in
 * memories and in all that looks at them.
 */
async function compareMost(
  { golden, stages }: VideoCase,
  name: string,
  values: ArrayLike<number>,
  limit?: Limit,
): Promise<void> {
  if (!golden.has(name)) {
    return;
  }
  const stored = await golden.golden(name);
  const allowed = limit ?? (isMeasured(golden, name) ? stored.limit : largestOnly(stored.limit));
  if (allowed === undefined) {
    stages.fail(name, 'the case states no limit for it', 0, stored.shape);
    return;
  }
  const actual = stored.select(Float32Array.from(values));
  const error = (index: number): number => Math.abs(actual[index]! - stored.values[index]!);
  const order = Array.from(actual.keys()).sort((a, b) => error(b) - error(a));
  const left = order.slice(Math.floor(order.length / OUTLIERS)).sort((a, b) => a - b);
  const kept = (list: Float32Array): Float32Array => Float32Array.from(left, (i) => list[i]!);
  stages.add(
    compared(name, stored.shape, kept(actual), kept(stored.values), allowed, stored.isHalf),
  );
}

/** Whether the case knows how far float64 is from this tensor. */
function isMeasured({ description }: ParityCase, name: string): boolean {
  const tensors = description['tensors'] as Readonly<
    Record<string, { readonly tol_suggest?: { readonly basis?: string } } | undefined>
  >;
  return tensors[name]?.tol_suggest?.basis === undefined;
}

/**
 * Elsewhere its limits are shares of the largest value, as measured where no pixel came out the other
 * way. One that does is seen by every cell of the next frame, which the largest error shows less than
 * the mean.
 */
function largestOnly(limit: Limit | undefined): Limit | undefined {
  return limit && { maxAbs: limit.maxAbs };
}

function tokensOf({ points = [], labels = [], box }: VideoStep, frame: Frame): PromptToken[] {
  const corners = box === undefined ? [] : [box.slice(0, 2), box.slice(2)];
  return [
    ...corners.map(([x, y], index): PromptToken => ({
      ...frame.toFrame(x!, y!),
      label: index === 0 ? TokenLabel.boxTopLeft : TokenLabel.boxBottomRight,
    })),
    ...points.map(([x, y], index): PromptToken => ({
      ...frame.toFrame(x, y),
      label: labels[index] === 1 ? TokenLabel.include : TokenLabel.exclude,
    })),
  ];
}

function rectangle(
  [left, top, right, bottom]: readonly [number, number, number, number],
  { width, height }: { readonly width: number; readonly height: number },
): Bitmap {
  const data = new Uint8Array(width * height);
  for (let y = top; y < bottom; y++) {
    data.fill(1, y * width + left, y * width + right);
  }
  return { width, height, data };
}
