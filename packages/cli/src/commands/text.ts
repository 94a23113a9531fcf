import { existsSync } from 'node:fs';

import { type Command, InvalidArgumentError } from 'commander';

import { parseNumber } from '../arguments/number.ts';
import type { OutputFormat } from '../outputs/output-format.ts';
import type { TextRequest } from '../text/text-request.ts';
import { UsageError } from '../usage-error.ts';
import { checkedPictures } from './checked-request.ts';
import type { CommandModule } from './command-module.ts';
import {
  addInputOptions,
  addModelOptions,
  addOutputOptions,
  type PictureOptionValues,
  wholeNumber,
} from './picture-options.ts';

const defaultFormats: readonly OutputFormat[] = ['overlay', 'coco'];

const examples = `
Examples:
  samgpu text street.jpg "the red car" --grounder http://127.0.0.1:9000
  samgpu text photos/ "a cat, a dog" --grounder http://127.0.0.1:9000 --min-score 0.3
  SAMGPU_GROUNDER=http://127.0.0.1:9000 samgpu text cat.jpg "whiskers" --format cutout --crop

The detector is a server of yours that gets the picture and the words, and answers with boxes; the
model makes masks of them. None comes along: see @samgpu/text for the protocol, and for an example
with OWL-ViT and OWLv2. A token that it asks for is taken from SAMGPU_GROUNDER_TOKEN.

NAME.overlay.png shows what was found, NAME.coco.json has it with labels as categories. Formats of
single masks are written as NAME.mask.png, NAME.2.mask.png and so on.

Exit codes: 0 all is well, 1 some or all pictures failed (the others were written), 2 nothing was
done, 130 interrupted.`;

interface TextOptionValues extends PictureOptionValues {
  readonly grounder?: string;
  readonly timeout?: number;
  readonly minScore?: number;
  readonly maxObjects?: number;
}

/** `samgpu text`: what words name in pictures. */
export const textCommand: CommandModule = {
  register(program: Command, finish) {
    const command = program
      .command('text')
      .summary('find objects in pictures by words')
      .description('Finds what words name in each picture, with a detector of yours.')
      // Only the last argument may be several, so the words are the last of them.
      .argument('<image...>', 'pictures, or folders of them; last, what to look for')
      .usage('[options] <image...> <words>')
      .addHelpText('after', examples);
    command
      .optionsGroup('What to find:')
      .option('--grounder <url>', 'address of the detector (default: SAMGPU_GROUNDER)')
      .option('--min-score <score>', 'how sure it must be (default: its own)', share)
      .option('--max-objects <n>', 'most objects of a picture (default: 64)', wholeNumber)
      .option('--timeout <seconds>', 'how long it may take (default: 120)', wholeNumber);
    addInputOptions(command);
    addModelOptions(command);
    addOutputOptions(command, defaultFormats);
    command.action(async (all: string[]) => {
      const request = requestOf(all, command.opts<TextOptionValues>());
      const { runText } = await import('../text/run-text.ts');
      finish(await runText(request));
    });
  },
};

function requestOf(all: readonly string[], values: TextOptionValues): TextRequest {
  const inputs = all.slice(0, -1);
  const words = all.at(-1) ?? '';
  const { grounder = process.env['SAMGPU_GROUNDER'] ?? '', timeout, ...rest } = values;
  if (words.trim() === '') throw new UsageError('The words are empty; say what to look for.');
  if (inputs.length === 0 || existsSync(words)) {
    throw new UsageError(
      `No words; after the pictures say what to look for, for example: samgpu text ${words} "the red car".`,
    );
  }
  if (grounder === '') {
    throw new UsageError(
      'No detector; start one, and name its address: --grounder http://127.0.0.1:9000. ' +
        'See @samgpu/text for an example.',
    );
  }
  return {
    ...checkedPictures(inputs, rest, defaultFormats),
    words,
    grounder,
    token: process.env['SAMGPU_GROUNDER_TOKEN'],
    timeout: timeout === undefined ? undefined : timeout * 1000,
    minScore: values.minScore,
    maxObjects: values.maxObjects,
  };
}

function share(text: string): number {
  const value = parseNumber(text);
  if (value === undefined || value < 0 || value > 1) {
    throw new InvalidArgumentError('Wanted a number from 0 to 1.');
  }
  return value;
}
