import { upsampleLogits } from '@samgpu/mask';

import type { CaseFolder, Family } from '../core/family.ts';
import { comparedMasks } from '../core/masks.ts';
import { decoderModules } from './decoder-modules.ts';
import { checkModules, matches, moduleFacts, type ModuleFacts, numbersIn } from './module-run.ts';
import { vitModules } from './vit-modules.ts';

/** The parts of SAM, and how its masks are enlarged. */
export const samModules: Family = {
  name: 'modules of SAM',
  matches: ({ variant }) => variant === 'modules_sam',
  async check(folder) {
    const facts = moduleFacts(folder);
    for (const name of folder.parityCase.names) {
      if (/^rel_pos_attention\..*\.logits/.test(name)) {
        const tensor = name.replace(/\.(?:sample|f16)$/, '');
        folder.stages.leaveOut(
          tensor,
          'scores of attention are never held: out depends on them all',
        );
      }
    }
    await checkModules(folder, [...vitModules(facts), ...decoderModules(facts)]);
    for (const name of matches(facts.modules, /^postprocess_masks\.(.+)$/)) {
      await checkUpsampling(folder, facts, `postprocess_masks.${name}`);
    }
  },
};

/** `postprocess_masks` of the official code is `upsampleLogits` of `@samgpu/mask`. */
async function checkUpsampling(
  { parityCase, stages }: CaseFolder,
  { textOf }: ModuleFacts,
  name: string,
): Promise<void> {
  const size = (height: number, width: number): { width: number; height: number } => ({
    width,
    height,
  });
  const [, , frameHeight, frameWidth, resizedHeight, resizedWidth, outHeight, outWidth] = numbersIn(
    textOf(name),
    /(\d+)x(\d+) logits to (\d+)x(\d+), cut to (\d+)x(\d+), to (\d+)x(\d+)/,
    name,
  ) as [number, number, number, number, number, number, number, number];
  const { shape, values } = parityCase.input('postprocess_masks.low_res');
  const [, count, height, width] = shape as [number, number, number, number];
  const masks = Array.from({ length: count }, (_, index) =>
    upsampleLogits(
      { width, height, data: values.slice(index * width * height, (index + 1) * width * height) },
      size(outHeight, outWidth),
      {
        mode: 'two-step',
        frame: size(frameHeight, frameWidth),
        resized: size(resizedHeight, resizedWidth),
      },
      { returnLogits: true },
    ),
  );
  await stages.compare(
    `${name}.logits`,
    masks.flatMap(({ logits }) => [...logits!.data]),
  );
  const official = await parityCase.masks(`${name}.mask_bits`);
  // No mask may differ: the case counts no logit within the largest error of the threshold.
  const bitmaps = masks.map(({ bitmap }) => bitmap);
  const stage = { name: `${name}.mask_bits`, shape: official.shape, minimumIoU: 1 };
  stages.add(comparedMasks(stage, bitmaps, official.bits));
}
