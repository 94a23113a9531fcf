import { Command } from 'commander';

import type { Finish } from './commands/command-module.ts';
import { commandModules } from './commands/index.ts';
import { packageVersion } from './package-version.ts';

const examples = `
Examples:
  samgpu segment cat.jpg --point 320,240             one click, one mask
  samgpu segment photos/ --box 0,0,200,100 --json    a folder, as JSON lines
  samgpu everything cat.jpg                          all objects, in colours and as COCO
  samgpu track clip.mp4 --point 320,240 --output tracked.mp4   an object through a video
  samgpu models                                      what --model takes
  samgpu convert mobile_sam.pt --dtype f16           a checkpoint as safetensors of half the size
  samgpu doctor                                      which backend is used here, and why
  samgpu tune                                        which kernels are quickest on this GPU

Exit codes: 0 all is well, 1 some or all pictures failed, 2 nothing was done (wrong arguments, an
output folder that cannot be written, a model that does not load), 130 interrupted.`;

/**
 * The command line. Parsing throws a CommanderError where commander would end the process.
 *
 * @param finish - called when a subcommand is done
 */
export function createProgram(finish: Finish): Command {
  const program = new Command('samgpu')
    .description('Segment Anything: a click, box or mask in, a pixel-exact mask out.')
    .version(packageVersion(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', examples)
    .exitOverride()
    .showHelpAfterError('Run it with --help for what it takes.');
  for (const module of commandModules) module.register(program, finish);
  return program;
}
