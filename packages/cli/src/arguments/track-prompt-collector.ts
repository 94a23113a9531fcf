import { InvalidArgumentError } from 'commander';
import type { Box, Point } from 'samgpu';

import { UsageError } from '../usage-error.ts';
import type { DescribedObject } from './described-object.ts';
import type { OfObject } from './track-prompt.ts';

/** What the user says of an object on a frame. */
export interface DescribedPrompt extends DescribedObject {
  readonly frame: number;
  readonly object: number;
}

interface OpenPrompt {
  readonly frame: number;
  readonly object: number;
  readonly points: Point[];
  box?: Box;
  maskFile?: string;
}

/**
 * Gathers `--point`, `--box` and `--mask` into prompts. The options must be handed over in the order of
 * the command line, because `--frame` and `--object` hold for what comes after them.
 */
export class TrackPromptCollector {
  readonly #prompts: OpenPrompt[] = [];
  #frame = 0;
  #object = 1;

  setFrame(frame: number): void {
    this.#frame = frame;
  }

  startNextObject(): void {
    this.#object = Math.max(0, ...this.#prompts.map(({ object }) => object)) + 1;
  }

  addPoint({ value, object }: OfObject<Point>): void {
    this.#current(object).points.push(value);
  }

  setBox({ value, object }: OfObject<Box>): void {
    const prompt = this.#current(object);
    if (prompt.box !== undefined) throw second('box', prompt);
    prompt.box = value;
  }

  setMask(path: string): void {
    const prompt = this.#current();
    if (prompt.maskFile !== undefined) throw second('mask', prompt);
    prompt.maskFile = path;
  }

  /**
   * @returns in the order in which they were begun
   * @throws UsageError
   */
  finish(): readonly DescribedPrompt[] {
    for (const { frame, object, points, box, maskFile } of this.#prompts) {
      if (maskFile !== undefined && (box !== undefined || points.length > 0)) {
        throw new UsageError(
          `Object ${object} has both --mask and points or a box on frame ${frame}; a mask says it all, ` +
            'so give it by itself, or correct it on a later --frame.',
        );
      }
    }
    return this.#prompts;
  }

  #current(object = this.#object): OpenPrompt {
    this.#object = object;
    const found = this.#prompts.find(
      (prompt) => prompt.frame === this.#frame && prompt.object === object,
    );
    if (found !== undefined) return found;
    const prompt: OpenPrompt = { frame: this.#frame, object, points: [] };
    this.#prompts.push(prompt);
    return prompt;
  }
}

function second(what: string, { frame, object }: OpenPrompt): InvalidArgumentError {
  return new InvalidArgumentError(
    `It is the second ${what} of object ${object} on frame ${frame}. Put --object before it if it is ` +
      'another object, or --frame if it is on another frame.',
  );
}
