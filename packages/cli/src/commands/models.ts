import type { CommandModule } from './command-module.ts';

/** `samgpu models`: what `--model` takes. */
export const modelsCommand: CommandModule = {
  register(program, finish) {
    program
      .command('models')
      .summary('list the models')
      .description('Lists the models with size, licence and the prompts that each one takes.')
      .option('--json', 'as JSON', false)
      .action(async ({ json }: { readonly json: boolean }) => {
        const { runModels } = await import('../models/run-models.ts');
        finish(await runModels(json));
      });
  },
};
