import type { HostValue } from '@samgpu/graph';
import type { Box, RelativePoint, Size } from '@samgpu/mask';
import { Pause } from '@samgpu/matte/pause';

import type { Frame } from '../preprocess/index.ts';
import type { PromptBatch } from '../segmenter/prompt-batch.ts';
import { type AnswerCount, type AnswerRequest, answersTo, type Variant } from '@samgpu/variant';
import { CandidateFilter, type PointAnswer } from './candidate-filter.ts';
import type { EverythingSettings } from './everything-settings.ts';
import type { Candidate } from './found-mask.ts';
import { batchesOf, capacityFor, pointBatch, type PointPrompt } from './point-batch.ts';

/** What the decoder gave for prompts that it took at once. */
export interface DecodedBatch {
  /** `[prompts, masks, logitSize, logitSize]` */
  readonly logits: HostValue;
  /** `[prompts, masks]` */
  readonly scores: HostValue;
}

/** An encoded picture as finding everything sees it. */
export interface ScannedImage {
  readonly variant: Variant;
  readonly frame: Frame;
  /** In parts, where all prompts at once would take too much room; rows are in their order. */
  decode(batch: PromptBatch, signal: AbortSignal): Promise<readonly DecodedBatch[]>;
}

/** Where the time of a scan went, in milliseconds. */
export interface ScanTimes {
  decode: number;
  masks: number;
}

/** How one encoded picture is scanned. */
export interface Scan {
  readonly target: ScannedImage;
  /** Where it lies in the whole picture. */
  readonly crop: Box;
  readonly image: Size;
  readonly points: readonly RelativePoint[];
  readonly settings: EverythingSettings;
  readonly signal: AbortSignal;
  /** Added to. */
  readonly times: ScanTimes;
}

/** What a batch of points brought. */
export interface ScannedBatch {
  readonly points: number;
  readonly candidates: readonly Candidate[];
}

/**
 * Asks the model at every point and yields what passes the filters, batch by batch.
 *
 * The next batch is on its way while the masks of one are made.
 */
export async function* scanImage(scan: Scan): AsyncGenerator<ScannedBatch, void> {
  const { target, crop, image, points, settings, signal, times } = scan;
  const { width, height } = target.frame.original;
  const filter = new CandidateFilter(
    { variant: target.variant, frame: target.frame, crop, image },
    settings,
  );
  const decoder = new PointDecoder(target, settings, signal);
  const pause = new Pause(signal);
  const batches = batchesOf(
    points.map(({ x, y }) => ({ x: x * width, y: y * height })),
    settings.pointsPerBatch,
  );
  const start = (batch: readonly PointPrompt[] | undefined): Promise<PointAnswer[]> => {
    const answers = batch === undefined ? Promise.resolve([]) : decoder.answers(batch);
    // It may fail while nobody waits for it yet.
    answers.catch(() => undefined);
    return answers;
  };
  let coming = start(batches[0]);
  try {
    for (const [i, batch] of batches.entries()) {
      const before = performance.now();
      const answers = await coming;
      signal.throwIfAborted();
      const decoded = performance.now();
      coming = start(batches[i + 1]);
      const candidates: Candidate[] = [];
      for (const answer of answers) {
        const candidate = filter.take(answer);
        if (candidate !== undefined) candidates.push(candidate);
        await pause.maybe();
      }
      times.decode += decoded - before;
      times.masks += performance.now() - decoded;
      yield { points: batch.length, candidates };
    }
  } finally {
    // Features must outlive what still reads them.
    await coming.catch(() => undefined);
  }
}

/** Asks the decoder, and with `refine` asks again with each mask that it gave. */
class PointDecoder {
  readonly #target: ScannedImage;
  readonly #settings: EverythingSettings;
  readonly #signal: AbortSignal;

  constructor(target: ScannedImage, settings: EverythingSettings, signal: AbortSignal) {
    this.#target = target;
    this.#settings = settings;
    this.#signal = signal;
  }

  /** In the order of the points, and of the model's alternatives for each. */
  async answers(points: readonly PointPrompt[]): Promise<PointAnswer[]> {
    const first = await this.#decode(points, 'multiple');
    if (!this.#settings.refine) return first;
    const prompts = first.map(({ point, logits }) => ({ ...point, previous: logits }));
    const refined: PointAnswer[] = [];
    for (const batch of batchesOf(prompts, this.#settings.pointsPerBatch)) {
      const answers = await this.#decode(batch, 'single');
      refined.push(...answers);
    }
    return refined;
  }

  async #decode(prompts: readonly PointPrompt[], count: AnswerCount): Promise<PointAnswer[]> {
    const { variant, frame } = this.#target;
    const { mode } = this.#settings;
    const batch = pointBatch(prompts, capacityFor(prompts.length), variant, frame);
    const parts = await this.#target.decode(batch, this.#signal);
    const answered = parts.flatMap((part) => answersIn(part, variant, { count, mode }));
    // Rows beyond the prompts are absent.
    return prompts.flatMap(({ x, y }, row) =>
      answered[row]!.map((answer) => ({ point: { x, y }, ...answer })),
    );
  }
}

/** The answers of a model in each row of what its decoder gave. */
function answersIn(
  { logits, scores }: DecodedBatch,
  variant: Variant,
  request: AnswerRequest,
): Omit<PointAnswer, 'point'>[][] {
  const [rows, masks] = logits.shape as [number, number];
  const columns = scores.shape[1]!;
  const cells = variant.masks.logitSize ** 2;
  return Array.from({ length: rows }, (_, row) => {
    const own = scores.data.subarray(row * columns, (row + 1) * columns);
    return answersTo(variant, own, request).map(({ mask, score }) => {
      const from = (row * masks + mask) * cells;
      return { score, logits: logits.data.subarray(from, from + cells) as Float32Array };
    });
  });
}
