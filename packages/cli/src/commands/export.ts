import { InvalidArgumentError, Option } from 'commander';
import type { TargetDtype } from '@samgpu/weights';

import { parseWholeNumber } from '../arguments/number.ts';
import { defaultModel, modelNames } from '../models/registry.ts';
import type { CommandModule } from './command-module.ts';

const help = `
Examples:
  samgpu export --onnx --model mobile-sam --weights mobile_sam.pt
  samgpu export --onnx --model sam-vit-b --dtype int8 --prompts 64 --output sam-vit-b-onnx

Writes encoder.onnx and decoder.onnx, and beside them a README.md, model.json and segment.mjs that
say how to run them. Shapes are fixed: --prompts and --tokens say for how many objects at once and
for how many points, box corners and paddings of each. Prompts may be shorter.`;

interface ExportOptionValues {
  readonly onnx: boolean;
  readonly model: string;
  readonly weights?: string;
  readonly dtype?: TargetDtype;
  readonly prompts: number;
  readonly tokens: number;
  readonly externalData: boolean;
  readonly output?: string;
  readonly force: boolean;
  readonly json: boolean;
}

/** `samgpu export`: a model for other runtimes. */
export const exportCommand: CommandModule = {
  register(program, finish) {
    program
      .command('export')
      .summary('write a model for other runtimes')
      .description('Writes image encoder and mask decoder of a model as ONNX.')
      .option('--onnx', 'as ONNX, which is what there is', true)
      .option('--model <name>', `one of: ${modelNames.join(', ')}`, defaultModel)
      .option('--weights <path>', 'a file or folder (default: those that the model downloads)')
      .addOption(
        new Option('--dtype <name>', 'how weights are stored (default: as they are)').choices([
          'f32',
          'f16',
          'int8',
        ]),
      )
      .option('--prompts <n>', 'objects that the decoder takes at once', wholeNumber, 1)
      .option('--tokens <n>', 'points, box corners and paddings of each', wholeNumber, 6)
      .option('--external-data', 'weights beside the models (default: beyond 1.9 GB)', false)
      .option('--output <folder>', 'where to write (default: the model and -onnx)')
      .option('--force', 'replace what an earlier export wrote there', false)
      .option('--json', 'what was written, as JSON', false)
      .addHelpText('after', help)
      .action(async ({ onnx: _, ...values }: ExportOptionValues) => {
        const { runExport } = await import('../export/run-export.ts');
        finish(await runExport(values));
      });
  },
};

function wholeNumber(text: string): number {
  const value = parseWholeNumber(text, 1);
  if (value === undefined) throw new InvalidArgumentError('Wanted a whole number from 1 on.');
  return value;
}
