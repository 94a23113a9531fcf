/** What SAM 2 does around its networks: pictures, codes of places, rules for masks and frames. */
import { reshape, trace } from '@samgpu/graph';
import { defineSam2, rotaryTable, sineCode } from '@samgpu/sam2';
import { formulaValues } from '@samgpu/testing';
import type { ImagePreprocessing } from '@samgpu/variant';
import type { PixelImage } from 'samgpu';

import { closestFrames } from '../../../samgpu/src/track/closest-frames.ts';
import { fillHoles } from '../../../samgpu/src/track/fill-holes.ts';
import { suppressOverlaps } from '../../../samgpu/src/track/suppress-overlaps.ts';
import { asObject, listAt, numberAt, numbersAt, textAt } from '../core/description.ts';
import type { CaseFolder, Family } from '../core/family.ts';
import { channelsFirst } from '../core/layout.ts';
import { compared } from '../core/stage-list.ts';
import { identityOf } from '../families/settings.ts';
import { INPUT_LIMITS } from '../network/check-encoder.ts';
import { preprocessImage, resizeRows, SourceRows } from '../network/samgpu.ts';
import { checkModules, matches, type ModuleCheck, numbersIn, type Shape4 } from './module-run.ts';
import { config, sam2Module } from './sam2-module.ts';

export const sam2Parts: Family = {
  name: 'parts of SAM 2',
  matches: ({ variant }) => variant === 'sam2_parts',
  async check(folder) {
    const { parityCase, stages } = folder;
    for (const name of parityCase.names) {
      const reason = LEFT_OUT.find(([pattern]) => pattern.test(name))?.[1];
      if (reason !== undefined) stages.leaveOut(name, reason);
    }
    for (const value of listAt(parityCase.description, 'images')) {
      await checkPicture(folder, asObject(value, 'images'));
    }
    checkClosestFrames(folder);
    await checkMaskRules(folder);
    await checkModules(folder, [
      ...matches(parityCase.names, /^sine_pe_(\d+_\d+x\d+)$/).map(places),
      ...matches(parityCase.names, /^rope_cos_(\d+_\d+x\d+)$/).map(turns),
    ]);
  },
};

const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/^(fill_holes|overlap)\.in$/, 'an input'],
  [/\.fastsam_/, 'FastSAM is not implemented yet'],
  [
    /^pointer_time_pe_/,
    'inside of one function: pointer_time_projected of sam2_modules is its result',
  ],
];

const { preprocessing, tracking } = defineSam2(identityOf('sam2_parts'), config);

/** A picture that is a formula, through the preprocessing of pictures and of frames. */
async function checkPicture(
  { parityCase, stages }: CaseFolder,
  described: Readonly<Record<string, unknown>>,
): Promise<void> {
  const name = textAt(described, 'name');
  const [height, width] = numbersAt(described, 'hw', 2) as [number, number];
  const picture = noiseOnRamp(textAt(described, 'key'), parityCase.formula.seed, width, height);
  const plain = { shrink: 'torch-bilinear', enlarge: 'torch-bilinear' } as const;
  const inputs: readonly (readonly [string, ImagePreprocessing])[] = [
    ['sam2_image_input', preprocessing],
    ['sam2_image_input_old_torchvision_no_antialias', { ...preprocessing, resample: plain }],
    ['sam2_video_input', tracking.preprocessing],
  ];
  for (const [kind, rules] of inputs) {
    const { tensor } = preprocessImage(picture, rules);
    const planes = channelsFirst(tensor, [1, rules.size, rules.size, 3]);
    const { shrink } = rules.resample;
    // Rounded differently in its last place: x / 255, then minus a mean and over a deviation.
    const limit = { maxAbs: Math.max(INPUT_LIMITS[shrink], 1e-6) };
    await stages.compare(`${name}.${kind}`, planes, limit);
  }
  const { size, resample } = tracking.preprocessing;
  const bytes: number[] = [];
  resizeRows(new SourceRows(picture), { width: size, height: size }, resample.shrink, {
    bytes: (row) => void bytes.push(...row),
    floats: () => undefined,
  });
  const planes = channelsFirst(bytes, [1, size, size, 3]);
  await stages.compare(`${name}.sam2_video_resized_0_255`, planes, { maxAbs: 0 });
}

function noiseOnRamp(key: string, seed: number, width: number, height: number): PixelImage {
  const size = width * height * 3;
  // (u + 1) * 128 is the first byte of the bits that u is made of.
  const noise = formulaValues(key, size, { seed, scale: 1 });
  const data = Uint8Array.from(noise, (u, index) => {
    const x = Math.floor(index / 3) % width;
    const y = Math.floor(index / 3 / width);
    const shares = [x / (width - 1), y / (height - 1), (x + y) / (width + height - 2)];
    return (Math.floor((u + 1) * 128) + Math.floor(255 * shares[index % 3]!)) >> 1;
  });
  return { width, height, channels: 3, data };
}

function checkClosestFrames({ parityCase, stages }: CaseFolder): void {
  const { select_closest_cond_frames: cases = [] } = parityCase.description;
  (cases as readonly unknown[]).forEach((value, index) => {
    const item = asObject(value, `select_closest_cond_frames[${index}]`);
    const most = numberAt(item, 'max');
    const chosen = closestFrames(
      numberAt(item, 'frame'),
      numbersAt(item, 'cond_frames'),
      most < 0 ? Infinity : most,
    );
    const wanted = numbersAt(item, 'selected');
    const name = `select_closest_cond_frames[${index}]`;
    stages.add(compared(name, [wanted.length], chosen, wanted, { maxAbs: 0 }));
  });
}

async function checkMaskRules({ parityCase, stages }: CaseFolder): Promise<void> {
  if (parityCase.has('fill_holes.in')) {
    const { values, shape } = await parityCase.golden('fill_holes.in');
    const [, , height, width] = shape as Shape4;
    for (const area of matches(parityCase.names, /^fill_holes\.out_area(\d+)$/)) {
      const filled = fillHoles(Float32Array.from(values), { width, height }, Number(area));
      await stages.compare(`fill_holes.out_area${area}`, filled, { maxAbs: 0 });
    }
  }
  if (parityCase.has('overlap.in')) {
    const { values, shape } = await parityCase.golden('overlap.in');
    const length = values.length / shape[0]!;
    const objects = Array.from({ length: shape[0]! }, (_, object) =>
      values.slice(object * length, (object + 1) * length),
    );
    suppressOverlaps(objects);
    const all = objects.flatMap((own) => [...own]);
    await stages.compare('overlap.out', all, { maxAbs: 0 });
  }
}

type Sizes = readonly [channels: number, height: number, width: number];

/** @param size - as `256_64x64` */
function sizesOf(size: string): Sizes {
  return numbersIn(size, /^(\d+)_(\d+)x(\d+)$/, size) as unknown as Sizes;
}

function places(size: string): ModuleCheck {
  const [channels, height, width] = sizesOf(size);
  return sam2Module({
    name: `sine_pe_${size}`,
    inputs: () => ({}),
    build: (_, w) => ({
      out: reshape(sineCode(w, height, width, channels), [1, height, width, channels]),
    }),
    planes: { out: `sine_pe_${size}` },
  });
}

/** The official code holds cosines and sines apart. */
function turns(size: string): ModuleCheck {
  const [channels, height, width] = sizesOf(size);
  const name = `rope_cos_${size}`;
  return {
    name,
    async check(run) {
      const graph = trace(name, {}, new Map(), (_, w) => ({
        out: rotaryTable(w, height, width, channels),
      }));
      const { data } = (await run.run(graph, {}, run.weights(new Map())))['out']!;
      const half = (start: number): number[] =>
        Array.from({ length: data.length / 2 }, (_, pair) => data[2 * pair + start]!);
      await run.compare(name, half(0));
      await run.compare(`rope_sin_${size}`, half(1));
    },
  };
}
