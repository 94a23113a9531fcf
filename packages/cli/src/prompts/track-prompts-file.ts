import { dirname, isAbsolute, join } from 'node:path';

import type { DescribedPrompt } from '../arguments/track-prompt-collector.ts';
import { UsageError } from '../usage-error.ts';
import { isJsonObject, jsonFault } from './json-value.ts';
import { parsePrompt } from './parse-prompt.ts';
import { readPromptsJson } from './prompts-json.ts';

/**
 * Reads prompts for a video: a prompt or a list of them, each with `frame` (0 where it does not say) and
 * `object` (1) beside points, box or mask.
 *
 * Paths in the file are relative to the file.
 *
 * @returns in the order of the file
 * @throws UsageError
 */
export async function readTrackPrompts(path: string): Promise<readonly DescribedPrompt[]> {
  const value = await readPromptsJson(path);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw jsonFault({ value, place: path }, 'at least one prompt');
  const prompts = list.map((prompt, i) =>
    parseTrackPrompt(prompt, `${path}: prompt ${i + 1}`, path),
  );
  prompts.forEach(({ frame, object }, i) => {
    const first = prompts.findIndex((one) => one.frame === frame && one.object === object);
    if (first !== i) {
      throw new UsageError(
        `${path}: prompt ${i + 1} is the second one of object ${object} on frame ${frame}, after prompt ` +
          `${first + 1}; put both into one.`,
      );
    }
  });
  return prompts;
}

function parseTrackPrompt(value: unknown, place: string, file: string): DescribedPrompt {
  if (!isJsonObject(value)) {
    throw jsonFault({ value, place }, 'an object with frame, object, and points, box or mask');
  }
  const { frame = 0, object = 1, ...rest } = value;
  const prompt = parsePrompt({ value: rest, place }, (path) =>
    isAbsolute(path) ? path : join(dirname(file), path),
  );
  if (prompt.maskFile !== undefined && (prompt.box !== undefined || prompt.points.length > 0)) {
    throw new UsageError(
      `${place} has a mask, and points or a box as well; a mask says it all, so give it by itself.`,
    );
  }
  return {
    frame: wholeNumber(frame, 0, `${place}, frame`),
    object: wholeNumber(object, 1, `${place}, object`),
    ...prompt,
  };
}

function wholeNumber(value: unknown, least: number, place: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw jsonFault({ value, place }, `a whole number from ${least} on`);
  }
  return value as number;
}
