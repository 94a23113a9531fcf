import type { Command } from 'commander';

import type { TrackSettings } from '../track/run-track.ts';
import type { CommandModule, Finish } from './command-module.ts';
import { addTrackOptions } from './track-options.ts';

const examples = `
Examples:
  samgpu track clip.mp4 --point 320,240 --output clip-tracked.mp4
  samgpu track frames/ --point 320,240 --box 400,80,60,120,2 --format masks,coco
  samgpu track clip.mp4 --frame 40 --point 320,240 --direction both --frame 90 --point 300,200,-

Prompts are on frame 0 unless --frame stands before them, and of object 1 unless they name another
one or --object stands before them, or stand in a file:
  [{ "frame": 0, "object": 1, "points": [[320, 240]] }, { "frame": 40, "object": 2, "box": [9, 9, 50, 40] }]
Frames are counted from 0, as they are stored.

NAME.masks/001/00000.png is the mask of object 1 on frame 0, NAME.indexed/00000.png holds all objects
by their numbers as in DAVIS, NAME.overlay/00000.png shows them, NAME.coco.json and NAME.mots.txt
list them. Images of a folder keep their names. Video files need FFmpeg.

Ctrl-C keeps what was found: the same command goes on from there, unless there is --restart.

Exit codes: 0 all is well, 1 it failed on the way (what was found is kept), 2 nothing was done,
130 interrupted.`;

/** `samgpu track`: masks of objects through a video. */
export const trackCommand: CommandModule = {
  register: (program, finish) => registerTrack(program, finish),
};

export function registerTrack(program: Command, finish: Finish, settings?: TrackSettings): void {
  const command = program
    .command('track')
    .summary('follow objects through a video')
    .description('Follows objects through a video: say where they are on some frame.')
    .argument('<video>', 'a video file, or a folder of images')
    .addHelpText('after', examples);
  const readRequest = addTrackOptions(command);
  command.action(async (input: string) => {
    const request = await readRequest(input);
    const { runTrack } = await import('../track/run-track.ts');
    finish(await runTrack(request, settings));
  });
}
