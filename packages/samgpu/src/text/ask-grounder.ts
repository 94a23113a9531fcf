import type { Box, Size } from '@samgpu/mask';

import type { PixelImage } from '../image-source/index.ts';
import type { GroundedBox, Grounder, GroundOptions } from './grounder.ts';
import { GrounderError } from './grounder-error.ts';

/** What a grounder found, with all of it filled in. */
export type CheckedBox = Required<GroundedBox>;

/**
 * Asks a grounder, and checks what it says. Boxes are cut off at the borders of the picture; those
 * of which nothing is left, and those below `minScore`, are dropped. An answer that is no list of
 * boxes, or has coordinates or scores that are no finite numbers, negative sides, or scores outside
 * 0 to 1, is refused as a whole: something is wrong with the grounder.
 *
 * @throws GrounderError `invalid-answer`, its own, or `failed` for all other errors
 * @throws the signal's reason, whether the grounder heeds it or not
 */
export async function askGrounder(
  grounder: Grounder,
  picture: PixelImage,
  words: string,
  options: GroundOptions,
): Promise<CheckedBox[]> {
  const { signal, minScore = 0 } = options;
  signal?.throwIfAborted();
  const answer: unknown = await unlessAborted(signal, async () => {
    try {
      return await grounder.ground(picture, words, options);
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof GrounderError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new GrounderError('failed', `${grounder.name}: ${reason}`, { cause });
    }
  });
  if (!Array.isArray(answer)) {
    throw wrong(grounder, `it answered with ${kindOf(answer)}, wanted a list of boxes`);
  }
  const checked = answer.map((value: unknown, i) => checkedBox(value, `box ${i}`, words, grounder));
  return checked.flatMap((one) => {
    const box = withinPicture(one.box, picture);
    return box === undefined || one.score < minScore ? [] : [{ ...one, box }];
  });
}

/** The result of some work, or the signal's reason as soon as there is one. */
function unlessAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return work();
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

function checkedBox(value: unknown, what: string, words: string, grounder: Grounder): CheckedBox {
  const { box, score, label = words } = recordOf(value, what, grounder);
  const { x, y, width, height } = recordOf(box, `the place of ${what}`, grounder);
  if (!areNumbers([x, y, width, height, score])) {
    throw wrong(
      grounder,
      `${what} is at x ${String(x)}, y ${String(y)}, width ${String(width)}, height ` +
        `${String(height)} with score ${String(score)}; wanted finite numbers, in pixels of the picture`,
    );
  }
  const numbers = { x, y, width, height } as Box;
  if (numbers.width < 0 || numbers.height < 0) {
    throw wrong(
      grounder,
      `${what} is ${numbers.width} wide and ${numbers.height} high; wanted sides of 0 or more ` +
        '(boxFromCorners orders corners)',
    );
  }
  if (!((score as number) >= 0 && (score as number) <= 1)) {
    throw wrong(grounder, `${what} has score ${String(score)}; wanted 0 to 1`);
  }
  if (typeof label !== 'string') {
    throw wrong(grounder, `the label of ${what} is ${kindOf(label)}; wanted text`);
  }
  const name = label.trim();
  return { box: numbers, score: score as number, label: name === '' ? words : name };
}

function areNumbers(values: readonly unknown[]): boolean {
  return values.every((value) => Number.isFinite(value));
}

/** @returns undefined where nothing is left */
function withinPicture({ x, y, width, height }: Box, picture: Size): Box | undefined {
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  const right = Math.min(picture.width, x + width);
  const bottom = Math.min(picture.height, y + height);
  if (right <= left || bottom <= top) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function recordOf(value: unknown, what: string, grounder: Grounder): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw wrong(
    grounder,
    `${what} is ${kindOf(value)}; wanted { box: { x, y, width, height }, score }`,
  );
}

function wrong(grounder: Grounder, message: string): GrounderError {
  return new GrounderError('invalid-answer', `${grounder.name}: ${message}`);
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
