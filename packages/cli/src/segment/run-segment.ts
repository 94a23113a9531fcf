import { type ExitCode, exitCodes } from '../exit-code.ts';
import { onExit } from '../terminal/on-exit.ts';
import { planSegmentation } from './plan-segmentation.ts';
import { describePicture, Report } from './report.ts';
import { segmentPictures } from './segment-pictures.ts';
import type { SegmentRequest } from './segment-request.ts';

/** `samgpu segment` */
export async function runSegment(request: SegmentRequest): Promise<ExitCode> {
  const plan = await planSegmentation(request);
  const total = plan.pictures.length + plan.failed.length;
  const report = new Report(total, request.json, describePicture);
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
