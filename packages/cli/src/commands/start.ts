import type { CommandModule } from './command-module.ts';
import { addSegmentOptions } from './segment-options.ts';

/** `samgpu start`: what `npm start` runs in the workspace. */
export const startCommand: CommandModule = {
  register(program, finish) {
    const command = program
      .command('start', { hidden: true })
      .description('A first look: segments a sample picture, or yours, and shows what happens.')
      .argument('[image]', 'a picture (default: a sample that comes with samgpu)');
    const readRequest = addSegmentOptions(command, ['png', 'cutout', 'overlay']);
    command.action(async (image: string | undefined) => {
      const request = readRequest(image === undefined ? [] : [image]);
      const { runStart } = await import('../start/run-start.ts');
      finish(await runStart(request));
    });
  },
};
