import { storage } from '#storage';

/**
 * Short texts that can be made again, by name. Nothing that goes wrong in keeping them is an error: a
 * text that cannot be read is missing, one that cannot be written is not kept.
 */
export interface TextStore {
  get(name: string): Promise<string | undefined>;
  set(name: string, text: string): Promise<void>;
}

/**
 * Texts beside the cached models: in Node files in `folder` of the folder that `openModelCache` describes, in a browser
 * in `localStorage` or, in a worker, in the Cache API. Where neither is to be had they last until the page or process
 * ends.
 *
 * @param folder - one word of letters, digits, dots and dashes, like the names of the texts
 */
export function openTextStore(folder: string): TextStore {
  return storage.openTexts(folder);
}
