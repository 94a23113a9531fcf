import type { Backend } from '@samgpu/graph';
import { describe, expect, test } from 'vitest';

import { checkScenario } from './check-video.ts';
import { startTracker, type VideoCase } from './video-case.ts';

/** The calls of a case, frame by frame. @param backend - opened and closed by the caller */
export function describeVideo(name: string, backend: () => Backend, videoCase: VideoCase): void {
  describe(`${videoCase.golden.name} on ${name}`, () => {
    test.each(videoCase.scenarios)('gives the official masks in $name', async (scenario) => {
      const observed = await startTracker(videoCase, backend(), scenario);
      try {
        const checked = checkScenario(videoCase, scenario, observed);
        await expect(checked).resolves.toBeUndefined();
      } finally {
        observed.stop();
      }
    });
  });
}
