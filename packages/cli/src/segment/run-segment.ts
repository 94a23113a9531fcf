import { type ExitCode, exitCodes } from '../exit-code.ts';
import { onExit } from '../terminal/on-exit.ts';
import { planSegmentation } from './plan-segmentation.ts';
import { Report } from './report.ts';
import { segmentPictures } from './segment-pictures.ts';
import type { SegmentRequest } from './segment-request.ts';

/** `samgpu segment` */
export async function runSegment(request: SegmentRequest): Promise<ExitCode> {
  const plan = await planSegmentation(request);
  const report = new Report(plan.pictures.length + plan.failed.length, request.json);
  const release = onExit(() => report.close());
  try {
    await segmentPictures(plan, request, { onOutcome: (outcome) => report.add(outcome) });
  } finally {
    report.close();
    release();
  }
  report.sum();
  return report.failures === 0 ? exitCodes.success : exitCodes.failure;
}
