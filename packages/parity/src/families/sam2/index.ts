import type { CaseFolder, Family } from '../../core/family.ts';
import { UnsupportedCaseError } from '../../core/result.ts';
import { messageOf } from '../../core/stage-list.ts';
import { checkWeights } from '../../network/check-weights.ts';
import { checkImageCase } from './check-image.ts';
import { checkScenario } from './check-video.ts';
import { checkFrames, openVideoCase, startTracker } from './video-case.ts';

const isHiera = (variant: string): boolean => /^sam2(\.1)?_hiera_/.test(variant);

/** Pictures through the image predictor of SAM 2 and 2.1. */
export const sam2Images: Family = {
  name: 'SAM 2 on pictures',
  matches: ({ variant, kind }) => isHiera(variant) && kind === 'image',
  check: checkImageCase,
};

/** Clips through the video predictor, call by call and frame by frame. */
export const sam2Videos: Family = {
  name: 'SAM 2 on videos',
  matches: ({ variant, kind }) => isHiera(variant) && kind === 'video',
  check: checkVideoCase,
};

/** Values that are never read back from where they are computed. */
const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/\.maskmem_features_before_bf16$/, 'inside of one program: maskmem_features are these, rounded'],
  [
    /(\.vision_pos|\.memory_pos|^maskmem_pos_enc)$/,
    'inside of one program: its positions are compared in modules_sam2, and what attends to them here',
  ],
  [/\.low_res_all$/, 'only the mask that answers is read back'],
];

async function checkVideoCase(folder: CaseFolder): Promise<void> {
  const { backend } = folder.engine;
  if (backend === undefined) {
    throw new UnsupportedCaseError(`videos do not run on ${folder.engine.name}`);
  }
  const videoCase = await openVideoCase(folder);
  for (const stored of folder.parityCase.names) {
    const reason = LEFT_OUT.find(([pattern]) => pattern.test(stored))?.[1];
    if (reason !== undefined) folder.stages.leaveOut(stored, reason);
  }
  checkWeights({ ...folder, ...videoCase });
  await checkFrames(videoCase);
  for (const scenario of videoCase.scenarios) {
    folder.progress(`scenario ${scenario.name}`);
    const observed = await startTracker(videoCase, backend, scenario);
    try {
      await checkScenario(videoCase, scenario, observed);
    } catch (error) {
      // The other scenarios tell more of what is wrong.
      folder.stages.fail(scenario.name, messageOf(error));
    } finally {
      observed.stop();
    }
  }
}
