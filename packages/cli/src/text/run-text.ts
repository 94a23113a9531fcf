import { httpGrounder } from '@samgpu/text';
import { GrounderError } from 'samgpu';

import { type ExitCode, exitCodes } from '../exit-code.ts';
import { planPictures } from '../segment/plan-segmentation.ts';
import { processPictures } from '../segment/process-pictures.ts';
import { Report } from '../segment/report.ts';
import { onExit } from '../terminal/on-exit.ts';
import type { Paint } from '../terminal/paint.ts';
import { countText } from '../terminal/words.ts';
import { UsageError } from '../usage-error.ts';
import { textPicture } from './text-picture.ts';
import type { TextRequest } from './text-request.ts';
import type { TextResult } from './text-result.ts';

/** `samgpu text` */
export async function runText(request: TextRequest): Promise<ExitCode> {
  const grounder = grounderOf(request);
  const plan = await planPictures(request);
  const total = plan.pictures.length + plan.failed.length;
  const report = new Report(total, request.json, describe);
  const release = onExit(() => report.close());
  try {
    await processPictures(
      plan,
      request,
      (work) =>
        textPicture(work, request, grounder, ({ stage, boxes, total }) => {
          if (stage === 'ground' || total === undefined) report.within(0, 'asking the detector');
          else report.within(total === 0 ? 1 : boxes / total, `${boxes} of ${total} boxes`);
        }),
      { onOutcome: (outcome) => report.add(outcome) },
    );
  } finally {
    report.close();
    release();
  }
  report.sum();
  return report.failures === 0 ? exitCodes.success : exitCodes.failure;
}

function grounderOf({ grounder, token, timeout }: TextRequest): ReturnType<typeof httpGrounder> {
  try {
    return httpGrounder(grounder, {
      ...(token !== undefined && { token }),
      ...(timeout !== undefined && { timeout }),
    });
  } catch (error) {
    if (!(error instanceof GrounderError)) throw error;
    throw new UsageError(`--grounder: ${error.message}.`);
  }
}

function describe(result: TextResult, paint: Paint): string {
  const { file, masks, words } = result;
  const counts = new Map<string, number>();
  for (const { label } of masks) counts.set(label, (counts.get(label) ?? 0) + 1);
  const labels = [...counts].map(([label, count]) => (count === 1 ? label : `${label} (${count})`));
  const paths = Object.values(result.files).map((path) => paint('cyan', path));
  const own = masks.reduce((sum, mask) => sum + Object.keys(mask.files).length, 0);
  const files = [...paths, ...(own === 0 ? [] : [countText(own, 'file') + ' of single masks'])];
  const what = masks.length === 0 ? '' : `: ${labels.join(', ')}`;
  const hint =
    masks.length === 0
      ? `The detector found nothing for "${words}"; lower --min-score, or use other words.\n`
      : '';
  return (
    `${paint('bold', file)}: ${countText(masks.length, 'object')}${what} -> ` +
    `${files.join(', ')}\n${hint}`
  );
}
