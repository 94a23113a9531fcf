import { type ExitCode, exitCodes } from '../exit-code.ts';
import { planPictures } from '../segment/plan-segmentation.ts';
import { processPictures } from '../segment/process-pictures.ts';
import { Report } from '../segment/report.ts';
import { onExit } from '../terminal/on-exit.ts';
import type { Paint } from '../terminal/paint.ts';
import { countText } from '../terminal/words.ts';
import { everythingPicture } from './everything-picture.ts';
import type { EverythingRequest } from './everything-request.ts';
import type { EverythingResult } from './everything-result.ts';

/** `samgpu everything` */
export async function runEverything(request: EverythingRequest): Promise<ExitCode> {
  const plan = await planPictures(request);
  const total = plan.pictures.length + plan.failed.length;
  const report = new Report(total, request.json, describe);
  const release = onExit(() => report.close());
  let isInterrupted = false;
  try {
    await processPictures(
      plan,
      request,
      (work) =>
        everythingPicture(work, request, ({ points, total, found }) =>
          report.within(
            total === 0 ? 0 : points / total,
            `${points} of ${total} points, ${countText(found, 'mask')}`,
          ),
        ),
      {
        onOutcome: (outcome) => {
          report.add(outcome);
          isInterrupted ||= 'complete' in outcome && !outcome.complete;
        },
        isStopped: () => isInterrupted,
      },
    );
  } finally {
    report.close();
    release();
  }
  report.sum();
  if (isInterrupted) return exitCodes.interrupted;
  return report.failures === 0 ? exitCodes.success : exitCodes.failure;
}

function describe(result: EverythingResult, paint: Paint): string {
  const { file, masks, covered, complete, points } = result;
  const paths = Object.values(result.files).map((path) => paint('cyan', path));
  const own = masks.reduce((sum, mask) => sum + Object.keys(mask.files).length, 0);
  const files = [...paths, ...(own === 0 ? [] : [countText(own, 'file') + ' of single masks'])];
  const parts = [
    ...(complete ? [] : [`interrupted after ${points.tried} of ${points.total} points`]),
    `${countText(masks.length, 'mask')} on ${(covered * 100).toFixed(1)} % of the picture`,
  ];
  const hint =
    masks.length === 0 && complete
      ? 'No mask was good enough; lower --pred-iou or --stability, or add points.\n'
      : '';
  return `${paint('bold', file)}: ${parts.join(', ')} -> ${files.join(', ')}\n${hint}`;
}
