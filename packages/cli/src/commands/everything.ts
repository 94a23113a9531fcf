import type { Command } from 'commander';

import type { CommandModule } from './command-module.ts';
import { addEverythingOptions } from './everything-options.ts';

const examples = `
Examples:
  samgpu everything cat.jpg
  samgpu everything cat.jpg --points-per-side 64 --min-area 100 --format overlay,png
  samgpu everything aerial.tif --crop-layers 1 --crop-points-downscale 2 --overlap masks
  samgpu everything photos/ --format coco --json > masks.jsonl

NAME.overlay.png shows all masks, each in a colour of its own; NAME.coco.json holds them, best
first. Formats of single masks are written as NAME.mask.png, NAME.2.mask.png and so on.

Ctrl-C ends the search and writes what was found until then; a second one ends the command.

Exit codes: 0 all is well, 1 some or all pictures failed (the others were written), 2 nothing was
done, 130 interrupted.`;

/** `samgpu everything`: all objects of pictures. */
export const everythingCommand: CommandModule = {
  register(program: Command, finish) {
    const command = program
      .command('everything')
      .summary('find all objects in pictures')
      .description('Finds all objects in each picture by asking the model at a grid of points.')
      .argument('<image...>', 'pictures, or folders of them')
      .addHelpText('after', examples);
    const readRequest = addEverythingOptions(command, ['overlay', 'coco']);
    command.action(async (inputs: string[]) => {
      const request = readRequest(inputs);
      const { runEverything } = await import('../everything/run-everything.ts');
      finish(await runEverything(request));
    });
  },
};
