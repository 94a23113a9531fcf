import type { LoadTimings } from 'samgpu';

import { type ExitCode, exitCodes } from '../exit-code.ts';
import { isFailure, type PictureOutcome } from '../segment/picture-result.ts';
import { planSegmentation } from '../segment/plan-segmentation.ts';
import { runSegment } from '../segment/run-segment.ts';
import { segmentPictures } from '../segment/segment-pictures.ts';
import type { SegmentRequest } from '../segment/segment-request.ts';
import { paintFor } from '../terminal/paint.ts';
import { UsageError } from '../usage-error.ts';
import { samplePicture, samplePrompt } from './sample.ts';
import { summaryText } from './summary.ts';

const next = `
Try next:
  npm start -- my.jpg --point 320,240             a click on a picture of yours
  npm start -- my.jpg --box 100,80,220,160        a box around the object
  npm run -s samgpu -- segment my.jpg --point 320,240 --multimask --format png,svg,coco
  npm run -s samgpu -- --help                     everything else
`;

/** `samgpu start`, the first thing that a new user runs. */
export async function runStart(asked: SegmentRequest): Promise<ExitCode> {
  const request = withSample(asked);
  if (request.json) return runSegment(request);
  const plan = await planSegmentation(request);
  const [picture] = plan.pictures;
  if (picture === undefined || plan.pictures.length > 1) {
    throw new UsageError('start takes one picture; for folders see: samgpu segment --help');
  }
  let loading: LoadTimings | undefined;
  let outcome: PictureOutcome | undefined;
  await segmentPictures(plan, request, {
    onLoad: (segmenter) => (loading = segmenter.timings),
    onOutcome: (result) => (outcome = result),
  });
  if (outcome === undefined || loading === undefined || isFailure(outcome)) {
    const message = outcome !== undefined && isFailure(outcome) ? outcome.error.message : '';
    process.stderr.write(`${paintFor(process.stderr)('red', 'failed')} ${message}\n`);
    return exitCodes.failure;
  }
  const paint = paintFor(process.stdout);
  const objects = plan.prompts.objectsIn(picture);
  const total = performance.now();
  const text = summaryText({ result: outcome, objects, loading, total }, paint);
  process.stdout.write(`${text}\n${next}`);
  return exitCodes.success;
}

/** The sample picture where none was given; its click where nothing was said of it. */
function withSample(asked: SegmentRequest): SegmentRequest {
  const isPrompted = asked.objects.length > 0 || asked.promptsFile !== undefined;
  if (asked.inputs.length > 0 && !isPrompted) {
    throw new UsageError(
      `Nothing was said about what to segment in ${asked.inputs[0]}; add --point x,y or ` +
        '--box x,y,width,height, in pixels of the picture.',
    );
  }
  const inputs = asked.inputs.length > 0 ? asked.inputs : [samplePicture];
  const objects = isPrompted ? asked.objects : [samplePrompt];
  // A small model's first click often finds stray islands elsewhere, and here it should shine.
  return { ...asked, inputs, objects, connected: true };
}
