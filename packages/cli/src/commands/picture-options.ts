import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BackendChoice } from 'samgpu';

import { parseWholeNumber } from '../arguments/number.ts';
import { defaultModel, modelNames } from '../models/registry.ts';
import { type OutputFormat, outputFormats, parseFormats } from '../outputs/output-format.ts';

export const defaultOutput = 'samgpu-output';

/** Options of all commands that work on pictures, as commander gives them. */
export interface PictureOptionValues {
  readonly model: string;
  readonly weights?: string;
  readonly backend: BackendChoice;
  readonly threads?: number;
  readonly recursive: boolean;
  readonly output: string;
  readonly format?: readonly OutputFormat[];
  readonly crop: boolean;
  readonly json: boolean;
  readonly maxPixels?: number;
}

export function addInputOptions(command: Command): void {
  command.option('--recursive', 'search folders below the given ones, too', false);
}

/** @param names - of the models to choose from, the default one first */
export function addModelOptions(command: Command, names?: readonly string[]): void {
  command
    .optionsGroup('How to run:')
    .option(
      '--model <name>',
      `one of: ${(names ?? modelNames).join(', ')}`,
      names?.[0] ?? defaultModel,
    )
    .option(
      '--weights <path>',
      "a file, folder or address with the model's weights, in place of those it downloads",
    )
    .addOption(
      new Option('--backend <name>', 'where to run')
        .choices(['auto', 'webgpu', 'onnx'])
        .default('auto'),
    )
    .option('--threads <n>', 'threads on the CPU (default: the cores, at most 8)', wholeNumber)
    .option('--max-pixels <n>', 'refuse larger pictures (default: 268435456)', wholeNumber);
}

export function addOutputOptions(command: Command, defaultFormats: readonly OutputFormat[]): void {
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

/** A whole number from 1 on. */
export function wholeNumber(text: string): number {
  const value = parseWholeNumber(text, 1);
  if (value === undefined) throw new InvalidArgumentError('Wanted a whole number from 1 on.');
  return value;
}
