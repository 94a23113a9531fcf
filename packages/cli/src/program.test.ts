import { CommanderError } from 'commander';
import { expect, test } from 'vitest';

import { createProgram } from './program.ts';

// All of these are refused before anything is read or loaded, so the picture need not exist.
const refused: readonly (readonly [args: string, message: string])[] = [
  ['segment', "missing required argument 'image'"],
  ['segment cat.jpg', 'No prompt was given'],
  ['segment cat.jpg --point', 'argument missing'],
  ['segment cat.jpg --point 1,NaN', "argument '1,NaN' is invalid"],
  ['segment cat.jpg --point 1,2,3', 'wanted 1, + or include'],
  ['segment cat.jpg --box 1,2,0,4', 'The box has no area'],
  ['segment cat.jpg --box 1,2,3,4 --box 1,2,3,4', 'the second box of one object'],
  ['segment cat.jpg --point 1,2 --object', 'Object 2 of 2 has no'],
  ['segment cat.jpg --point 1,2 --prompts p.json', '--prompts and --point'],
  ['segment cat.jpg --point 1,2 --model sam9', 'There is no model "sam9"; wanted nano'],
  ['segment cat.jpg --point 1,2 --backend cuda', 'Allowed choices are auto, webgpu, onnx'],
  ['segment cat.jpg --point 1,2 --format gif', 'There is no format "gif"'],
  ['segment cat.jpg --point 1,2 --crop', 'add --format cutout'],
  ['segment cat.jpg --point 1,2 --edges best', 'add --format cutout'],
  ['segment cat.jpg --point 1,2 --edges soft', 'hard, fast, best'],
  ['segment cat.jpg --box 1,2,3,4 --connected', '--connected keeps the pieces'],
  ['segment cat.jpg --point 1,2,- --connected', '--connected keeps the pieces'],
  ['segment cat.jpg --point 1,2 --threads 0', 'Wanted a whole number from 1 on'],
  ['segment cat.jpg --point 1,2 --threads 1.5', 'Wanted a whole number from 1 on'],
  ['segment cat.jpg --point 1,2 --max-pixels lots', 'Wanted a whole number from 1 on'],
  ['segment cat.jpg --pont 1,2', 'Did you mean --point?'],
  ['text', "missing required argument 'image'"],
  ['text cat.jpg', 'No words; after the pictures say what to look for'],
  ['text cat.jpg package.json', 'No words; after the pictures say what to look for'],
  ['text cat.jpg tail', 'No detector; start one'],
  ['text cat.jpg tail --grounder', 'argument missing'],
  ['text cat.jpg tail --min-score 97', 'Wanted a number from 0 to 1'],
  ['text cat.jpg tail --max-objects 0', 'Wanted a whole number from 1 on'],
  ['text cat.jpg tail --grounder http://127.0.0.1:9000 --crop', 'add --format cutout'],
  ['everything', "missing required argument 'image'"],
  ['everything cat.jpg --points-per-side 0', 'Wanted a whole number from 1 to 4096'],
  ['everything cat.jpg --points-per-batch 2000', 'Wanted a whole number from 1 to 1024'],
  ['everything cat.jpg --pred-iou 88', 'Wanted a number from 0 on, and below 1'],
  ['everything cat.jpg --stability nan', 'Wanted a number from 0 on, and below 1'],
  ['everything cat.jpg --crop-layers 9', 'Wanted a whole number from 0 to 8'],
  ['everything cat.jpg --crop-points-downscale 0', 'Wanted a number above 0'],
  ['everything cat.jpg --overlap pixels', 'Allowed choices are boxes, masks'],
  ['everything cat.jpg --crop-layers 6 --crop-points-downscale 2', 'No point is left in layer 6'],
  ['everything cat.jpg --model sam9', 'There is no model "sam9"'],
  ['everything cat.jpg --crop', 'add --format cutout'],
  ['start cat.jpg', 'Nothing was said about what to segment in cat.jpg'],
  ['start cat.jpg dog.jpg --point 1,2', 'too many arguments'],
  ['models nano', 'too many arguments'],
  ['tune --model sam9', 'There is no model "sam9"; wanted nano'],
  ['sgment cat.jpg', 'Did you mean segment?'],
];

test.each(refused)('%s', async (args, message) => {
  let written = '';
  const program = createProgram(() => expect.unreachable('it was run'));
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ writeErr: (text) => (written += text) });
  }
  const words = args.split(' ');
  const error: unknown = await program.parseAsync(words, { from: 'user' }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  // What commander finds wrong it writes itself.
  expect(error instanceof CommanderError ? written : (error as Error).message).toContain(message);
});
