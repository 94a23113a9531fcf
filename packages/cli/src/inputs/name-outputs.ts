import { basename, dirname, join, parse, resolve } from 'node:path';

import type { NamedPicture, Picture } from './picture.ts';

/**
 * Gives each picture a stem for the names of its outputs, so that no two pictures write the same
 * file: `cat` where only one picture is called so, else with the extension (`cat.jpg`), else with the
 * folder (`left-cat`), else with a number.
 */
export function nameOutputs(pictures: readonly Picture[]): NamedPicture[] {
  const groups = groupByStem(pictures);
  const taken = new Set<string>();
  const named = new Map<Picture, NamedPicture>();
  const name = (picture: Picture, stem: string): void => {
    taken.add(keyOf(picture, stem));
    named.set(picture, { ...picture, stem: join(picture.subfolder, stem) });
  };
  const clashing: Picture[][] = [];
  for (const group of groups) {
    if (group.length > 1) clashing.push(group);
    else name(group[0]!, stemOf(group[0]!));
  }
  for (const group of clashing) {
    const wording = wordings.find((word) => {
      const keys = group.map((picture) => keyOf(picture, word(picture)));
      return new Set(keys).size === keys.length && !keys.some((key) => taken.has(key));
    });
    for (const picture of group) {
      name(picture, wording?.(picture) ?? numbered(picture, taken));
    }
  }
  return pictures.map((picture) => named.get(picture)!);
}

const wordings: readonly ((picture: Picture) => string)[] = [
  ({ file }) => basename(file),
  (picture) => `${folderOf(picture)}-${stemOf(picture)}`,
  (picture) => `${folderOf(picture)}-${basename(picture.file)}`,
];

/** Pictures whose outputs could meet, in the order of the first of each group. */
function groupByStem(pictures: readonly Picture[]): Picture[][] {
  const keys = new Set(pictures.map((picture) => keyOf(picture, stemOf(picture))));
  const groups = new Map<string, Picture[]>();
  for (const picture of pictures) {
    const key = keyOf(picture, stemOf(picture));
    // The second mask of `cat` is called as the first one of `cat.2`.
    const unnumbered = key.replace(/\.\d+$/, '');
    const groupKey = keys.has(unnumbered) ? unnumbered : key;
    groups.set(groupKey, [...(groups.get(groupKey) ?? []), picture]);
  }
  return [...groups.values()];
}

function numbered(picture: Picture, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const stem = `${basename(picture.file)}-${number}`;
    if (!taken.has(keyOf(picture, stem))) return stem;
  }
}

// Some file systems tell neither case nor Unicode forms apart.
function keyOf({ subfolder }: Picture, stem: string): string {
  return join(subfolder, stem).normalize('NFC').toLowerCase();
}

function stemOf({ file }: Picture): string {
  return parse(file).name;
}

function folderOf({ file }: Picture): string {
  return basename(dirname(resolve(file)));
}
