import { type Bitmap, upsampleLogits } from '@samgpu/mask';
import { expectClose, type ParityCase } from '@samgpu/testing';
import { type PromptToken, TokenLabel } from '@samgpu/variant';

import { Frame } from '../../../../packages/samgpu/src/preprocess/index.ts';
import {
  type FrameOutput,
  readMemory,
} from '../../../../packages/samgpu/src/track/frame-output.ts';
import type { ObjectOutput } from '../../../../packages/samgpu/src/track/tracker.ts';
import { expectGolden, isStored } from '../../../sam/src/parity/golden.ts';
import { expectBits } from './expect-bits.ts';
import type { ObservedTracker, VideoCase, VideoScenario, VideoStep } from './video-case.ts';

/** Where an object without an output is not. */
const NOWHERE = -1024;
/** Values. */
const FEW = 8;

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
  const { golden } = videoCase;
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
  await checkStored(golden, `${tag}.obj_ptr`, output.pointer);
  if (step.op === 'add') {
    await checkStored(golden, `${tag}.object_score_logits`, [output.objectScore]);
    await checkScores(videoCase, `${tag}.iou`, programs.found[0]!.scores, output.score);
  }
}

async function checkPropagation(
  videoCase: VideoCase,
  tag: string,
  { start_frame_idx: from, max_frame_num_to_track: most, reverse = false }: VideoStep,
  observed: ObservedTracker,
): Promise<void> {
  const { golden, frames, log } = videoCase;
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
      await checkStored(golden, `${name}.memory_attention_out`, own);
      await checkMemoryTokens(golden, `${name}.memory`, observed, row);
    }
  }
  const expected = [...new Set(log.flatMap(({ step }) => frameOf(step, tag)))];
  if (seen.join() !== expected.join()) {
    throw new RangeError(`${tag} gave frames ${seen.join(', ')}, wanted ${expected.join(', ')}`);
  }
}

function isConditioning(entry: Readonly<Record<string, unknown>>): boolean {
  return entry['conditioning'] === true;
}

function frameOf(step: string, tag: string): number[] {
  return step.startsWith(`${tag}.f`) ? [Number(step.slice(tag.length + 2))] : [];
}

async function checkOutput(
  { golden }: VideoCase,
  name: string,
  output: FrameOutput,
): Promise<void> {
  await checkStored(golden, `${name}.obj_ptr`, output.pointer);
  await checkStored(golden, `${name}.object_score_logits`, [output.objectScore]);
  await checkStored(golden, `${name}.low_res`, output.logits);
  if (isStored(golden, `${name}.maskmem_features`)) {
    const { data, shape } = await readMemory(output.memory!);
    const [, cells, width] = shape as [number, number, number];
    const planes = Float32Array.from(data, (_, index) => {
      return data[(index % cells) * width + Math.floor(index / cells)]!;
    });
    await expectRounded(golden, `${name}.maskmem_features`, planes);
  }
}

/** Logits at the size of the video of all objects, and masks. */
async function checkMasks(
  { golden }: VideoCase,
  tag: string,
  objects: readonly ObjectOutput[],
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  const masks = objects.map(({ output }) => {
    const side = Math.sqrt(output?.logits.length ?? 1);
    const data = output?.logits ?? Float32Array.of(NOWHERE);
    const mask = { width: side, height: side, data };
    return upsampleLogits(mask, size, { mode: 'bilinear-direct' }, { returnLogits: true });
  });
  const logits = masks.flatMap((mask) => [...mask.logits!.data]);
  await checkStored(golden, `${tag}.video_logits`, logits);
  await expectBits(
    golden,
    `${tag}.mask_bits`,
    masks.flatMap(({ bitmap }) => [...bitmap.data]),
  );
}

/** The official code keeps the scores of the alternatives, or the one of the mask that answers. */
async function checkScores(
  { golden }: VideoCase,
  name: string,
  scores: Float32Array,
  score: number,
): Promise<void> {
  if (isStored(golden, name)) {
    const { shape } = await golden.golden(name);
    await checkStored(golden, name, shape.at(-1) === 1 ? [score] : scores.subarray(1));
  }
}

/** What a frame looked at: memories cell by cell, then pointers. */
async function checkMemoryTokens(
  golden: ParityCase,
  name: string,
  { programs }: ObservedTracker,
  row: number,
): Promise<void> {
  if (!isStored(golden, name)) {
    return;
  }
  const { recollections, pointers } = programs.views[row]!;
  const memories = await Promise.all(
    recollections.map(async ({ output }) => [...(await readMemory(output.memory!)).data]),
  );
  const tokens = [...memories.flat(), ...pointers.flatMap(({ pointer }) => [...pointer])];
  await expectRounded(golden, name, tokens);
}

async function checkStored(
  golden: ParityCase,
  name: string,
  values: ArrayLike<number>,
): Promise<void> {
  if (isStored(golden, name)) {
    // Of few values the mean says nothing that the largest error does not.
    const { limit } = await golden.golden(name);
    await expectGolden(golden, name, values, values.length < FEW ? limit!.maxAbs : undefined);
  }
}

/**
 * Values rounded to bfloat16: the smallest difference before may lead to the neighbour. The root mean
 * square is what is left of few such steps, six times what float64 differs by.
 */
async function expectRounded(
  golden: ParityCase,
  name: string,
  values: ArrayLike<number>,
): Promise<void> {
  const stored = await golden.golden(name);
  const step = 2 ** (Math.floor(Math.log2(stored.stats!.absmax)) - 7);
  expectClose(stored.select(Float32Array.from(values)), stored.values, {
    what: `${golden.name} ${name}`,
    limit: step,
    rmsLimit: 1.5e-3,
  });
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
