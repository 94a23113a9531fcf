import { type Command, Option } from 'commander';

import { parseBox } from '../arguments/box.ts';
import { ObjectCollector } from '../arguments/object-collector.ts';
import { parsePoint } from '../arguments/point.ts';
import { type EdgeKind, edgeKinds, type OutputFormat } from '../outputs/output-format.ts';
import type { SegmentRequest } from '../segment/segment-request.ts';
import { checkedRequest } from './checked-request.ts';
import {
  addInputOptions,
  addModelOptions,
  addOutputOptions,
  type PictureOptionValues,
} from './picture-options.ts';

/** Options as commander gives them. Points, boxes and masks are collected apart. */
export interface SegmentOptionValues extends PictureOptionValues {
  readonly prompts?: string;
  readonly multimask: boolean;
  readonly mode?: string;
  readonly connected: boolean;
  readonly edges: EdgeKind;
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
  command.addOption(
    new Option('--edges <name>', 'of cutouts: along the mask, or soft, for hair and fur')
      .choices(edgeKinds)
      .default('hard'),
  );
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
    .option('--mode <name>', 'how a model answers that has several ways: HQ-SAM summed or hq-only')
    .option('--connected', 'keep only the connected pieces under the points', false)
    .on('option:object', () => objects.startNext());
  addInputOptions(command);
}
