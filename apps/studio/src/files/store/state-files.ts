import { type SavedState, unpackHeader, unpackState, type StateHeader } from './saved-state.ts';
import type { StorageFolder } from './storage-folder.ts';

const pattern = /^state-(\d{1,15})\.json$/;

export function stateFile(number: number): string {
  return `state-${number}.json`;
}

/** Numbers of the states in a project's folder, newest first; they may be damaged. */
export async function newestStates(folder: StorageFolder): Promise<number[]> {
  const names = await folder.files();
  return names
    .flatMap((name) => {
      const match = pattern.exec(name);
      return match === null ? [] : [Number(match[1])];
    })
    .sort((a, b) => b - a);
}

/** The newest state that is whole. */
export function lastGoodState(folder: StorageFolder): Promise<SavedState | undefined> {
  return lastGood(folder, unpackState);
}

/** What is known of the newest state that looks whole, without reading all of it. */
export function lastGoodHeader(folder: StorageFolder): Promise<StateHeader | undefined> {
  return lastGood(folder, unpackHeader);
}

async function lastGood<Found>(
  folder: StorageFolder,
  unpack: (file: Blob) => Promise<Found | undefined>,
): Promise<Found | undefined> {
  for (const number of await newestStates(folder)) {
    const file = await folder.read(stateFile(number));
    const found = file === undefined ? undefined : await unpack(file);
    if (found !== undefined) return found;
  }
  return undefined;
}
