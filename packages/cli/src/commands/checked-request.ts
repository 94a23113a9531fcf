import type { DescribedObject } from '../arguments/described-object.ts';
import { requireModelName } from '../models/registry.ts';
import type { OutputFormat } from '../outputs/output-format.ts';
import type { PictureRequest, SegmentRequest } from '../segment/segment-request.ts';
import { UsageError } from '../usage-error.ts';
import type { PictureOptionValues } from './picture-options.ts';
import type { SegmentOptionValues } from './segment-options.ts';

/**
 * A request of which no two parts contradict each other.
 *
 * @throws UsageError
 */
export function checkedRequest(
  inputs: readonly string[],
  objects: readonly DescribedObject[],
  values: SegmentOptionValues,
  defaultFormats: readonly OutputFormat[],
): SegmentRequest {
  const { prompts: promptsFile, ...rest } = values;
  if (promptsFile !== undefined && objects.length > 0) {
    throw new UsageError(
      '--prompts and --point, --box or --mask were given; describe objects in one of the two ways.',
    );
  }
  if (values.connected && objects.some((object) => !hasPointToInclude(object))) {
    throw new UsageError(
      '--connected keeps the pieces under points of the object, and an object has none; ' +
        'add --point x,y or leave out --connected.',
    );
  }
  const request = checkedPictures(inputs, rest, defaultFormats);
  if (values.edges !== 'hard' && !request.formats.some((name) => isSoftened(name))) {
    throw new UsageError(
      `--edges ${values.edges} softens cutouts and mattes, and none are written; ` +
        'add --format cutout.',
    );
  }
  return { ...request, objects, promptsFile };
}

/**
 * What all requests for pictures have in common.
 *
 * @throws UsageError
 */
export function checkedPictures<Values extends PictureOptionValues>(
  inputs: readonly string[],
  values: Values,
  defaultFormats: readonly OutputFormat[],
): Omit<Values, 'format'> & PictureRequest {
  const { format: formats = defaultFormats, ...rest } = values;
  requireModelName(values.model);
  if (values.crop && !formats.includes('cutout')) {
    throw new UsageError('--crop crops cutouts, and none are written; add --format cutout.');
  }
  const empty = [...inputs, values.output].includes('');
  if (empty) throw new UsageError('A path is empty; wanted the path of a picture or a folder.');
  return { ...rest, inputs, formats };
}

function isSoftened(format: OutputFormat): boolean {
  return format === 'cutout' || format === 'matte';
}

function hasPointToInclude({ points }: DescribedObject): boolean {
  return points.some(({ label }) => label !== 'exclude');
}
