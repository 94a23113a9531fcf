import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BackendChoice } from 'samgpu';

import { parseBox } from '../arguments/box.ts';
import { parseWholeNumber } from '../arguments/number.ts';
import { ObjectCollector } from '../arguments/object-collector.ts';
import { parsePoint } from '../arguments/point.ts';
import { defaultModel, modelNames } from '../models/registry.ts';
import { type OutputFormat, outputFormats, parseFormats } from '../outputs/output-format.ts';
import type { SegmentRequest } from '../segment/segment-request.ts';
import { checkedRequest } from './checked-request.ts';

export const defaultOutput = 'samgpu-output';

/** Options as commander gives them. Points, boxes and masks are collected apart. */
export interface SegmentOptionValues {
  readonly prompts?: string;
  readonly model: string;
  readonly weights?: string;
  readonly backend: BackendChoice;
  readonly threads?: number;
  readonly multimask: boolean;
  readonly connected: boolean;
  readonly recursive: boolean;
  readonly output: string;
  readonly format?: readonly OutputFormat[];
  readonly crop: boolean;
  readonly json: boolean;
  readonly maxPixels?: number;
}

/**
 * Adds the options that `segment` and `start` share.
 *
 * @returns a function that makes a request of what was parsed; it throws a UsageError
 */
export function addSegmentOptions(
  command: Command,
  defaultFormats: readonly OutputFormat[],
): (inputs: readonly string[]) => SegmentRequest {
  const objects = new ObjectCollector();
  addPromptOptions(command, objects);
  addModelOptions(command);
  addOutputOptions(command, defaultFormats);
  return (inputs) => {
    const values = command.opts<SegmentOptionValues>();
    return checkedRequest(inputs, objects.finish(), values, defaultFormats);
  };
}

function addPromptOptions(command: Command, objects: ObjectCollector): void {
  command
    .optionsGroup('What to segment:')
    .option(
      '--point <x,y[,label]>',
      'a point in the object, or with the label 0, - or exclude one that is not; repeatable',
      (text: string) => objects.addPoint(parsePoint(text)),
    )
    .option('--box <x,y,width,height>', 'a box around the object', (text: string) =>
      objects.setBox(parseBox(text)),
    )
    .option(
      '--mask <file>',
      'a mask to start from: a picture of the same size, or a .rle.json file',
      (text: string) => objects.setMask(text),
    )
    .option('--object', 'the points, box and mask after this are of the next object')
    .option('--prompts <file>', 'JSON with prompts, for all pictures or for each (see the README)')
    .option('--multimask', 'write the alternatives that the model offers, best first', false)
    .option('--connected', 'keep only the connected pieces under the points', false)
    .option('--recursive', 'search folders below the given ones, too', false)
    .on('option:object', () => objects.startNext());
}

function addModelOptions(command: Command): void {
  command
    .optionsGroup('How to run:')
    .option('--model <name>', `one of: ${modelNames.join(', ')}`, defaultModel)
    .option(
      '--weights <path>',
      "a file or folder with the model's weights, in place of those it downloads",
    )
    .addOption(
      new Option('--backend <name>', 'where to run')
        .choices(['auto', 'webgpu', 'onnx'])
        .default('auto'),
    )
    .option('--threads <n>', 'threads on the CPU (default: the cores, at most 8)', wholeNumber)
    .option('--max-pixels <n>', 'refuse larger pictures (default: 268435456)', wholeNumber);
}

function addOutputOptions(command: Command, defaultFormats: readonly OutputFormat[]): void {
  command
    .optionsGroup('What to write:')
    .option('--output <folder>', 'where to write; made where it is missing', defaultOutput)
    .option(
      '--format <names>',
      `${outputFormats.join(', ')}; repeatable or with commas (default: ${defaultFormats.join(',')})`,
      parseFormats,
    )
    .option('--crop', 'cut cutouts to the object', false)
    .option('--json', 'one JSON object per picture on stdout', false);
}

function wholeNumber(text: string): number {
  const value = parseWholeNumber(text, 1);
  if (value === undefined) throw new InvalidArgumentError('Wanted a whole number from 1 on.');
  return value;
}
