import { basename, dirname, extname, parse, resolve } from 'node:path';

import { type Command, InvalidArgumentError, Option } from 'commander';

import { parseWholeNumber } from '../arguments/number.ts';
import { parseTrackBox, parseTrackPoint } from '../arguments/track-prompt.ts';
import { type DescribedPrompt, TrackPromptCollector } from '../arguments/track-prompt-collector.ts';
import { requireModelName, trackerNames } from '../models/registry.ts';
import { readTrackPrompts } from '../prompts/track-prompts-file.ts';
import {
  type Direction,
  directions,
  type TrackFormat,
  trackFormats,
  type TrackRequest,
} from '../track/track-request.ts';
import { UsageError } from '../usage-error.ts';
import { addModelOptions, defaultOutput, type PictureOptionValues } from './picture-options.ts';

interface TrackOptionValues extends Pick<
  PictureOptionValues,
  'model' | 'weights' | 'backend' | 'threads' | 'maxPixels' | 'json' | 'output'
> {
  readonly direction: Direction;
  readonly to?: number;
  readonly overlap: boolean;
  readonly format?: readonly TrackFormat[];
  readonly restart: boolean;
  readonly prompts?: string;
}

const videoEndings = ['.mp4', '.mov', '.mkv', '.webm'];

/**
 * Adds the options of `track`.
 *
 * @returns a function that makes a request of what was parsed; it throws a UsageError
 */
export function addTrackOptions(command: Command): (input: string) => Promise<TrackRequest> {
  const prompts = new TrackPromptCollector();
  addPromptOptions(command, prompts);
  addModelOptions(command, trackerNames);
  command
    .optionsGroup('What to write:')
    .option(
      '--output <folder|video>',
      `a folder, made where it is missing, or with ${videoEndings.join(', ')} a video of the overlay`,
      defaultOutput,
    )
    .option(
      '--format <names>',
      `${trackFormats.join(', ')}; repeatable or with commas (default: masks, of a video overlay)`,
      parseFormats,
    )
    .option('--restart', 'begin anew where an earlier run was interrupted', false)
    .option('--json', 'one JSON object per frame on stdout', false);
  return async (input) => {
    const values = command.opts<TrackOptionValues>();
    return checked(input, await promptsOf(prompts.finish(), values), values);
  };
}

/** From the command line, or from a file. */
async function promptsOf(
  described: readonly DescribedPrompt[],
  { prompts: file }: TrackOptionValues,
): Promise<readonly DescribedPrompt[]> {
  if (file === undefined) return described;
  if (described.length > 0) {
    throw new UsageError(
      'There are both --prompts and prompts on the command line; put them all into the file, or leave it out.',
    );
  }
  return readTrackPrompts(file);
}

function addPromptOptions(command: Command, prompts: TrackPromptCollector): void {
  command
    .optionsGroup('What to track:')
    .option(
      '--frame <n>',
      'the frame that prompts after this are on, from 0 (default: 0)',
      (text) => prompts.setFrame(frameNumber(text)),
    )
    .option(
      '--point <x,y[,object]>',
      'a point in an object, or as x,y,- or x,y,-,object one that is not in it; repeatable',
      (text: string) => prompts.addPoint(parseTrackPoint(text)),
    )
    .option('--box <x,y,width,height[,object]>', 'a box around an object', (text: string) =>
      prompts.setBox(parseTrackBox(text)),
    )
    .option(
      '--mask <file>',
      "an object's mask: a picture of the same size, or a .rle.json file",
      (text: string) => prompts.setMask(text),
    )
    .option('--object', 'what comes after this is of the next object')
    .option(
      '--prompts <file>',
      'JSON with prompts, each with its frame and object (see the README)',
    )
    .addOption(
      new Option(
        '--direction <name>',
        'from the first frame with a prompt to the end, the start, or both',
      )
        .choices(directions)
        .default('forward'),
    )
    .option('--to <n>', 'the last frame to track', frameNumber)
    .option('--no-overlap', 'give each pixel to one object (implied by indexed and mots)')
    .on('option:object', () => prompts.startNextObject());
}

function checked(
  input: string,
  prompts: readonly DescribedPrompt[],
  values: TrackOptionValues,
): TrackRequest {
  const { output, format, overlap, direction, to, prompts: _file, ...rest } = values;
  requireModelName(values.model);
  if (!trackerNames.includes(values.model)) {
    throw new UsageError(
      `${values.model} segments pictures and does not follow objects through videos; ` +
        `wanted one of ${trackerNames.join(', ')}.`,
    );
  }
  if (prompts.length === 0) {
    throw new UsageError(
      'No prompt was given; say what to track with --point x,y, --box x,y,width,height, --mask file or ' +
        '--prompts file, and with --frame where that is not on the first frame.',
    );
  }
  if ([input, output].includes('')) {
    throw new UsageError('A path is empty; wanted the path of a video or of a folder.');
  }
  const first = Math.min(...prompts.map(({ frame }) => frame));
  if (to !== undefined && (to < first || direction === 'backward')) {
    throw new UsageError(
      direction === 'backward'
        ? '--to says where tracking forward ends, and --direction backward goes the other way; leave it out.'
        : `--to ${to} is before frame ${first}, the first one with a prompt; tracking goes on from there.`,
    );
  }
  const isVideo = videoEndings.includes(extname(output).toLowerCase());
  const formats = format ?? [isVideo ? 'overlay' : 'masks'];
  if (isVideo && !formats.includes('overlay')) {
    throw new UsageError(
      `--output ${output} is a video of the overlay, and --format leaves that out; ` +
        'add --format overlay, or give a folder.',
    );
  }
  requireFittingObjects(prompts, formats);
  return {
    ...rest,
    ...(isVideo
      ? { output: dirname(output), stem: parse(output).name, video: basename(output) }
      : { output, stem: parse(resolve(input)).name }),
    input,
    prompts,
    direction,
    to,
    formats,
    overlapping: overlap && !formats.includes('indexed') && !formats.includes('mots'),
  };
}

/** Formats that number objects have room for so many. */
const mostObjects: Partial<Record<TrackFormat, number>> = { indexed: 255, mots: 999 };

function requireFittingObjects(
  prompts: readonly DescribedPrompt[],
  formats: readonly TrackFormat[],
): void {
  const highest = Math.max(...prompts.map(({ object }) => object));
  for (const format of formats) {
    const most = mostObjects[format] ?? Infinity;
    if (highest > most) {
      throw new UsageError(
        `There is an object ${highest}, and --format ${format} numbers them from 1 to ${most}; ` +
          'number them lower, or choose another format.',
      );
    }
  }
}

function frameNumber(text: string): number {
  const frame = parseWholeNumber(text, 0);
  if (frame === undefined) throw new InvalidArgumentError('Wanted a whole number from 0 on.');
  return frame;
}

function parseFormats(text: string, previous: readonly TrackFormat[] = []): readonly TrackFormat[] {
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !(trackFormats as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      `There is no format "${unknown}"; wanted one or more of ${trackFormats.join(', ')}.`,
    );
  }
  return trackFormats.filter((name) => previous.includes(name) || asked.includes(name));
}
