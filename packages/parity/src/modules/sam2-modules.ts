import type { Family } from '../core/family.ts';
import { hieraModules } from './hiera-modules.ts';
import { memoryModules, pointerTimes } from './memory-modules.ts';
import { checkModules, moduleFacts } from './module-run.ts';

/** The parts of SAM 2. */
export const sam2Modules: Family = {
  name: 'modules of SAM 2',
  matches: ({ variant }) => variant === 'modules_sam2',
  async check(folder) {
    const { stages, parityCase } = folder;
    for (const name of parityCase.names) {
      if (/^output_upscaling_high_res\..*\.middle$/.test(name)) {
        stages.leaveOut(name, 'inside of one function: out depends on it');
      }
    }
    const facts = moduleFacts(folder);
    const times = parityCase.names.includes('pointer_time_projected')
      ? [pointerTimes((await parityCase.golden('pointer_time_projected')).shape[0]!)]
      : [];
    await checkModules(folder, [
      ...hieraModules(facts),
      ...memoryModules(facts, parityCase.names),
      ...times,
    ]);
  },
};
