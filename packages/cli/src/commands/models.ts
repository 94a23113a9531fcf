import type { CommandModule } from './command-module.ts';

const examples = `
Examples:
  samgpu models                         what there is, and what is on this machine
  samgpu models download mobile-sam     fetches the weights now, for later without a network
  samgpu models remove mobile-sam       frees the disk

Weights are downloaded when a model is first used, checked against a pinned hash, and kept in the
cache folder that "samgpu doctor" names. An interrupted download goes on where it stopped. With
SAMGPU_MODEL_BASE set to an address or folder, files are taken from there in place of their own
addresses: for mirrors, and for machines without internet.`;

/** `samgpu models`: what `--model` takes, and its weights on this machine. */
export const modelsCommand: CommandModule = {
  register(program, finish) {
    const command = program
      .command('models')
      .summary('list, download and remove models')
      .description(
        'Lists the models with size, licence, whether they are here, and the prompts that each one takes.',
      )
      .option('--json', 'as JSON', false)
      .addHelpText('after', examples)
      .action(async ({ json }: { readonly json: boolean }) => {
        const { runModels } = await import('../models/run-models.ts');
        finish(await runModels(json));
      });
    command
      .command('download')
      .description('Downloads the weights of models into the cache.')
      .argument('<name...>', 'names of models')
      .action(async (names: string[]) => {
        const { runDownload } = await import('../models/run-download.ts');
        finish(await runDownload(names));
      });
    command
      .command('remove')
      .description('Removes weights from the cache, whole or partly downloaded.')
      .argument('[name...]', 'names of models')
      .option('--all', 'everything in the cache', false)
      .action(async (names: string[], { all }: { readonly all: boolean }) => {
        const { runRemove } = await import('../models/run-remove.ts');
        finish(await runRemove(names, all));
      });
  },
};
