import type { Command } from 'commander';

import { UsageError } from '../usage-error.ts';
import type { CommandModule } from './command-module.ts';
import { addSegmentOptions } from './segment-options.ts';

const examples = `
Examples:
  samgpu segment cat.jpg --point 320,240
  samgpu segment cat.jpg --point 320,240 --point 80,60,- --format png,overlay
  samgpu segment cat.jpg --point 320,240 --format cutout --edges best
  samgpu segment cat.jpg --box 100,80,220,160 --object --point 400,300
  samgpu segment photos/ --prompts prompts.json --format coco --json > masks.jsonl

Each picture's first mask is written as NAME.mask.png (.cutout.png, .matte.png, .overlay.png, .svg, .rle.json),
further ones as NAME.2.mask.png and so on; NAME.coco.json holds all of them. The mask options may be
mixed: points, a box and a mask describe one object, --object starts the next one.

Exit codes: 0 all pictures were segmented, 1 some or all pictures failed (the others were written),
2 nothing was done, 130 interrupted.`;

/** `samgpu segment`: masks of pictures. */
export const segmentCommand: CommandModule = {
  register(program: Command, finish) {
    const command = program
      .command('segment')
      .summary('segment objects in pictures')
      .description('Segments the object that points, a box or a mask describe, in each picture.')
      .argument('<image...>', 'pictures, or folders of them')
      .addHelpText('after', examples);
    const readRequest = addSegmentOptions(command, ['png']);
    command.action(async (inputs: string[]) => {
      const request = readRequest(inputs);
      if (request.objects.length === 0 && request.promptsFile === undefined) {
        throw new UsageError(
          'No prompt was given; say what to segment with --point x,y, --box x,y,width,height, ' +
            '--mask file or --prompts file.json.',
        );
      }
      const { runSegment } = await import('../segment/run-segment.ts');
      finish(await runSegment(request));
    });
  },
};
