import { defaultModel, modelNames, requireModelName } from '../models/registry.ts';
import type { CommandModule } from './command-module.ts';

/** Options as commander gives them. */
export interface TuneOptionValues {
  readonly model: string;
  readonly again: boolean;
  readonly json: boolean;
}

/** `samgpu tune`: measures which variants of the kernels are quickest on this GPU. */
export const tuneCommand: CommandModule = {
  register(program, finish) {
    program
      .command('tune')
      .summary('measure which kernels are quickest on this GPU')
      .description(
        'Measures the variants of the WGSL kernels that a model runs, and keeps what won: from then on ' +
          'the other commands, and programs on this machine, take it wherever they run on WebGPU.',
      )
      .option('--model <name>', `one of: ${modelNames.join(', ')}`, defaultModel)
      .option('--again', 'measure what is known from earlier runs, too', false)
      .option('--json', 'as JSON; its variants can be passed to WebGPU backends elsewhere', false)
      .action(async (values: TuneOptionValues) => {
        requireModelName(values.model);
        const { runTune } = await import('../tune/run-tune.ts');
        finish(await runTune(values));
      });
  },
};
