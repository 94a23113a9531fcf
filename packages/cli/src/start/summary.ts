import { basename } from 'node:path';
import type { LoadTimings } from 'samgpu';

import type { DescribedObject } from '../arguments/described-object.ts';
import type { PictureResult } from '../segment/picture-result.ts';
import type { Paint } from '../terminal/paint.ts';
import { alignColumns } from '../terminal/table.ts';
import { countText, durationText, shareText } from '../terminal/words.ts';

export interface Summary {
  readonly result: PictureResult;
  readonly objects: readonly DescribedObject[];
  readonly loading: LoadTimings;
  /** From the start of the process to the last file, in milliseconds. */
  readonly total: number;
}

/** What was done, in a few lines. */
export function summaryText({ result, objects, loading, total }: Summary, paint: Paint): string {
  const { width, height, backend, times, masks } = result;
  const stages: readonly (readonly [string, number])[] = [
    ['load the model', loading.backend + loading.weights + loading.compile],
    ['read the picture', times.read],
    ['prepare', times.preprocess],
    ['encode', times.encode],
    ['decode', times.decode],
    ['masks', times.masks],
    ['write', times.write],
  ];
  const rows = [
    ['picture', `${basename(result.file)}, ${width} x ${height} pixels`],
    ['prompt', objects.map(describeObject).join('; ')],
    ['model', result.model],
    ['backend', backend.description],
    ['', paint('dim', `because ${backend.reason}`)],
    ['stages', stages.map(([stage, time]) => `${stage} ${durationText(time)}`).join(', ')],
    ['total', `${durationText(total)} from the start of the process to the last file`],
    ...masks.flatMap((mask) => [
      ['mask', `score ${mask.score.toFixed(2)}, ${shareText(mask.area, result)} of the picture`],
      ...Object.values(mask.files).map((path) => ['wrote', paint('cyan', path)]),
    ]),
  ];
  return alignColumns(rows).join('\n');
}

function describeObject({ points, box, maskFile }: DescribedObject): string {
  const parts: string[] = [];
  if (points.length > 0) {
    const clicks = points.map(
      ({ x, y, label }) => `${x},${y}${label === 'exclude' ? ' (not)' : ''}`,
    );
    parts.push(`${countText(points.length, 'click')} at ${clicks.join(' and ')}`);
  }
  if (box !== undefined) parts.push(`a box ${box.width} x ${box.height} at ${box.x},${box.y}`);
  if (maskFile !== undefined) parts.push(`the mask ${maskFile}`);
  return parts.join(' with ');
}
