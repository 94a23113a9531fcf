import { basename, dirname, isAbsolute, join, normalize, resolve } from 'node:path';

import type { DescribedObject } from '../arguments/described-object.ts';
import { InputError } from '../inputs/input-error.ts';
import type { Picture } from '../inputs/picture.ts';
import { isJsonObject, jsonFault } from './json-value.ts';
import { looksLikePrompt, parsePrompt } from './parse-prompt.ts';
import { maskFilesOf, type PromptSource, samePrompts } from './prompt-source.ts';
import { readPromptsJson } from './prompts-json.ts';

/**
 * Reads a prompts file: a prompt or a list of them, one per object, that hold for every picture; or
 * an object with a prompt or a list for each picture, by its name or its path.
 *
 * Paths in the file are relative to the file.
 *
 * @throws UsageError
 */
export async function readPromptsFile(path: string): Promise<PromptSource> {
  const value = await readPromptsJson(path);
  const folder = dirname(path);
  const objectsOf = (prompts: unknown, place: string): readonly DescribedObject[] => {
    const list: readonly unknown[] = Array.isArray(prompts) ? prompts : [prompts];
    if (list.length === 0) throw jsonFault({ value: prompts, place }, 'at least one prompt');
    return list.map((prompt, i) =>
      parsePrompt({ value: prompt, place: `${place}: prompt ${i + 1}` }, (file) =>
        isAbsolute(file) ? file : join(folder, file),
      ),
    );
  };
  if (Array.isArray(value) || looksLikePrompt(value)) return samePrompts(objectsOf(value, path));
  if (!isJsonObject(value) || Object.keys(value).length === 0) {
    throw jsonFault(
      { value, place: path },
      'a list of prompts, or an object with prompts by picture',
    );
  }
  const byPicture = new Map(
    Object.entries(value).map(([name, prompts]) => [
      normalize(name),
      objectsOf(prompts, `${path}: "${name}"`),
    ]),
  );
  return promptsByPicture(path, byPicture);
}

/** A key is a path from where the command runs, a path from the prompts file, or a file's name. */
function promptsByPicture(
  path: string,
  byPicture: ReadonlyMap<string, readonly DescribedObject[]>,
): PromptSource {
  const folder = dirname(path);
  const byPath = new Map<string, readonly DescribedObject[]>();
  for (const [name, objects] of byPicture) {
    byPath.set(resolve(folder, name), objects);
  }
  return {
    maskFiles: maskFilesOf([...byPicture.values()].flat()),
    objectsIn({ file }: Picture) {
      const objects =
        byPicture.get(normalize(file)) ??
        byPath.get(resolve(file)) ??
        byPicture.get(basename(file));
      if (objects !== undefined) return objects;
      throw new InputError(
        'no-prompt',
        `${path} says nothing about ${file}; add "${basename(file)}" to it, or leave the picture out.`,
      );
    },
  };
}
