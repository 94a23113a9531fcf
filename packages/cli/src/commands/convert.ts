import { InvalidArgumentError, Option } from 'commander';
import type { TargetDtype } from '@samgpu/weights';

import { parseByteSize } from '../arguments/byte-size.ts';
import { modelNames } from '../models/registry.ts';
import type { CommandModule } from './command-module.ts';

const help = `
Examples:
  samgpu convert sam_vit_b_01ec64.pth --dtype f16 --output sam-vit-b-f16
  samgpu convert mobile_sam.pt --dtype int8 --image photo.jpg
  samgpu segment photo.jpg --model sam-vit-b --weights sam-vit-b-f16 --point 320,240

The model is recognised by its tensors. The folder gets safetensors with the official names, a
manifest.json with the hashes of all files, and a README.md that says how exact the result is.
f16 halves the weights; int8 quarters them, with a scale for each output channel.`;

interface ConvertOptionValues {
  readonly model?: string;
  readonly dtype: TargetDtype;
  readonly output?: string;
  readonly force: boolean;
  readonly shardSize?: number;
  readonly image?: string;
  readonly json: boolean;
}

/** `samgpu convert`: a checkpoint as safetensors of another dtype. */
export const convertCommand: CommandModule = {
  register(program, finish) {
    program
      .command('convert')
      .summary('convert a checkpoint to safetensors')
      .description(
        'Writes a checkpoint (.pt, .pth, .safetensors, or a folder) as safetensors in f32, f16 or int8.',
      )
      .argument('<checkpoint>', 'a file, or a folder of safetensors')
      .addOption(
        new Option('--dtype <name>', 'how weights are stored')
          .choices(['f32', 'f16', 'int8'])
          .default('f16'),
      )
      .option('--output <folder>', 'where to write (default: the model and the dtype)')
      .option('--force', 'replace what an earlier conversion wrote there', false)
      .option('--model <name>', `in place of recognising it: ${modelNames.join(', ')}`)
      .option('--shard-size <bytes>', 'largest file, as 200MB or 1GB (default: 500MB)', byteSize)
      .option('--image <picture>', 'measure on a picture how far masks differ from f32')
      .option('--json', 'what was done, as JSON', false)
      .addHelpText('after', help)
      .action(async (checkpoint: string, values: ConvertOptionValues) => {
        const { shardSize, ...rest } = values;
        const { runConvert } = await import('../convert/run-convert.ts');
        finish(await runConvert({ checkpoint, shardBytes: shardSize, ...rest }));
      });
  },
};

function byteSize(text: string): number {
  const bytes = parseByteSize(text);
  if (bytes === undefined) {
    throw new InvalidArgumentError('Wanted a number of bytes, such as 500MB or 1GB.');
  }
  return bytes;
}
