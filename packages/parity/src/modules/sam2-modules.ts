import type { Family } from '../core/family.ts';
import { hieraModules } from './hiera-modules.ts';
import { memoryModules } from './memory-modules.ts';
import { checkModules, moduleFacts } from './module-run.ts';

/** The parts of SAM 2. */
export const sam2Modules: Family = {
  name: 'modules of SAM 2',
  matches: ({ variant }) => variant === 'modules_sam2',
  check(folder) {
    const { stages, parityCase } = folder;
    for (const name of parityCase.names) {
      if (/^output_upscaling_high_res\..*\.middle$/.test(name)) {
        stages.leaveOut(name, 'inside of one function: out depends on it');
      }
    }
    const facts = moduleFacts(folder);
    return checkModules(folder, [
      ...hieraModules(facts),
      ...memoryModules(facts, parityCase.names),
    ]);
  },
};
