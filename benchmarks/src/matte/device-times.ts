import { createWebGpuBackend, describeAdapter } from '@samgpu/webgpu';
import { type Mask, matte, type MatteDevice, type PixelSource, type Size } from 'samgpu';

import type { Figure } from '../results.ts';
import { timeRuns } from '../statistics.ts';

/** Levels by which a GPU may differ: rounding. */
const MOST_DIFFERENCE = 2;

/** Sizes of pictures: a software adapter takes minutes for the large one. */
const LARGE = { width: 4000, height: 3000 };
const SMALL = { width: 400, height: 300 };

interface Subject {
  readonly image: PixelSource;
  readonly mask: Mask;
}

/** A GPU does not give what the CPU gives: its times would mean nothing. */
class WrongMatteError extends Error {
  override readonly name = 'WrongMatteError';
  readonly code = 'wrong-matte';
}

/**
 * Mattes without their clean colours, on the GPU beside the CPU, after the results have been compared.
 *
 * @param subjectOf - makes a picture of that size with a mask
 * @returns nothing where there is no GPU
 */
export async function measureDevice(subjectOf: (size: Size) => Subject): Promise<Figure[]> {
  const report = await describeAdapter();
  if (!report.available) return [];
  const { software } = report.adapter;
  const size = software ? SMALL : LARGE;
  const subject = subjectOf(size);
  const backend = await createWebGpuBackend();
  const figures: Figure[] = [];
  try {
    for (const method of ['fast', 'best'] as const) {
      const make = async (device?: MatteDevice): Promise<Uint8Array> =>
        (await matte(subject.image, subject.mask, { method, device })).alpha;
      compare(await make(backend.mattes), await make());
      const where = { CPU: undefined, [backend.description]: backend.mattes };
      for (const [name, device] of Object.entries(where)) {
        const { median, p10, p90 } = await timeRuns(() => make(device), { warmup: 1, runs: 5 });
        figures.push({
          name: `matte of ${size.width} x ${size.height}, ${method}, on ${name}`,
          unit: 'ms',
          value: median,
          p10,
          p90,
        });
      }
    }
  } finally {
    backend.dispose();
  }
  return figures;
}

/** @throws WrongMatteError */
function compare(got: Uint8Array, wanted: Uint8Array): void {
  const most = got.reduce((most, level, i) => Math.max(most, Math.abs(level - wanted[i]!)), 0);
  if (most > MOST_DIFFERENCE) {
    throw new WrongMatteError(
      `a matte on the GPU differs by ${most} levels from that of the CPU, wanted at most ` +
        `${MOST_DIFFERENCE}: a mistake in a kernel, or in this driver`,
    );
  }
}
