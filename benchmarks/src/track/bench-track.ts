/** SAM 2.1 through videos, with onnxruntime-node. */
import { sam2BasePlus, sam2Large, sam2Small, sam2Tiny } from '@samgpu/sam2';
import type { TrackingVariant } from '@samgpu/variant';
import { Segmenter } from 'samgpu';

import { writeCheckpoint } from '../family/checkpoint.ts';
import { sam2TinyOfSize } from '../gpu/tracking-cases.ts';
import { describeMachine } from '../machine.ts';
import { UsageError } from '../options.ts';
import { type Figure, reportFigures } from '../results.ts';
import { measureFrames, OBJECTS } from './frame-times.ts';
import { EARLY, LATE, measureMemory } from './memory-growth.ts';

const SIZES: readonly TrackingVariant[] = [sam2Tiny, sam2Small, sam2BasePlus, sam2Large];
/** Timed frames. */
const RUNS = 5;
/** Side of the input with which memory is watched for long. */
const REDUCED = 256;
/** Percent of a frame with one object that each further object may take. */
const MOST_PER_OBJECT = 25;
/** Percent by which memory may grow. */
const MOST_GROWTH = 2;

/** So that objects count as being there. */
const PRESENT = new Map([['sam_mask_decoder.pred_obj_score_head.layers.2.bias', 1.5]]);

/** @param filter - other sizes than tiny, whose name contains this; such results are not stored */
export async function benchTrack({
  json,
  filter,
}: {
  readonly json: boolean;
  readonly filter: string | undefined;
}): Promise<void> {
  const chosen = SIZES.filter(({ name }) => name.includes(filter ?? sam2Tiny.name));
  if (chosen.length === 0) {
    throw new UsageError(`no size of SAM 2.1 has "${filter}" in its name`);
  }
  const figures: Figure[] = [];
  for (const variant of chosen) {
    figures.push(...(await frameFigures(variant)));
  }
  if (filter === undefined) {
    figures.push(...(await memoryFigures()));
  }
  reportFigures(
    {
      what: 'track',
      date: new Date().toISOString(),
      machine: describeMachine(['onnxruntime-node', 'sharp']),
      figures,
    },
    { json, isWhole: filter === undefined },
  );
}

async function frameFigures(variant: TrackingVariant): Promise<Figure[]> {
  const times = await withModel(variant, (segmenter) => measureFrames(segmenter, RUNS));
  const [one, most] = [times.get(1)!.median, times.get(OBJECTS.at(-1)!)!.median];
  const further = (most - one) / (OBJECTS.at(-1)! - 1);
  return [
    ...Array.from(times, ([count, { median, p10, p90 }]): Figure => ({
      name: `${variant.title}: a frame with ${count} object${count > 1 ? 's' : ''}`,
      unit: 'ms',
      value: median,
      p10,
      p90,
    })),
    {
      name: `${variant.title}: each further object, of a frame with one`,
      unit: '%',
      value: (100 * further) / one,
      limit: MOST_PER_OBJECT,
    },
  ];
}

async function memoryFigures(): Promise<Figure[]> {
  const growth = await withModel(sam2TinyOfSize(REDUCED), measureMemory);
  const figure = (name: string, [early, late]: readonly [number, number]): Figure[] => [
    { name: `${name}, frame ${EARLY}`, unit: 'MB', value: early / 1e6 },
    {
      name: `${name}, change until frame ${LATE}`,
      unit: '%',
      value: Math.abs((100 * (late - early)) / early),
      limit: MOST_GROWTH,
    },
  ];
  return [
    ...figure('what a track remembers of 2 objects', growth.track),
    ...figure('the process', growth.process),
  ];
}

/** Weights are read from their file as long as programs are made. */
async function withModel<Result>(
  variant: TrackingVariant,
  work: (segmenter: Segmenter) => Promise<Result>,
): Promise<Result> {
  const rules = { seed: 1, family: 'sam2', offsets: PRESENT } as const;
  await using checkpoint = await writeCheckpoint(variant, rules);
  using segmenter = await Segmenter.load(variant, { backend: 'onnx', weights: checkpoint.path });
  return await work(segmenter);
}
