import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';

import type { Machine } from './diagnosis.ts';

export function describeMachine(): Machine {
  return {
    platform: `${platform()} ${release()}, ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    freeMemory: freemem(),
  };
}
