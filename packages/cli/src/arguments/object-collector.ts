import { InvalidArgumentError } from 'commander';
import type { Box, Point } from 'samgpu';

import { UsageError } from '../usage-error.ts';
import type { DescribedObject } from './described-object.ts';

interface OpenObject {
  points: Point[];
  box?: Box;
  maskFile?: string;
}

/**
 * Gathers `--point`, `--box` and `--mask` into objects. The options must be handed over in the order
 * of the command line, because `--object` starts the next object.
 */
export class ObjectCollector {
  readonly #objects: OpenObject[] = [{ points: [] }];

  addPoint(point: Point): void {
    this.#current.points.push(point);
  }

  setBox(box: Box): void {
    if (this.#current.box !== undefined) {
      throw new InvalidArgumentError(
        'It is the second box of one object. Put --object before it if it is another object.',
      );
    }
    this.#current.box = box;
  }

  setMask(path: string): void {
    if (this.#current.maskFile !== undefined) {
      throw new InvalidArgumentError(
        'It is the second mask of one object. Put --object before it if it is another object.',
      );
    }
    this.#current.maskFile = path;
  }

  startNext(): void {
    this.#objects.push({ points: [] });
  }

  /**
   * @returns the objects in their order; none if nothing was described
   * @throws UsageError for an `--object` with nothing before or after it
   */
  finish(): readonly DescribedObject[] {
    const empty = this.#objects.findIndex(isEmpty);
    if (this.#objects.length === 1 && empty === 0) return [];
    if (empty >= 0) {
      throw new UsageError(
        `Object ${empty + 1} of ${this.#objects.length} has no --point, --box or --mask; ` +
          '--object stands between two objects.',
      );
    }
    return this.#objects;
  }

  get #current(): OpenObject {
    return this.#objects.at(-1)!;
  }
}

function isEmpty({ points, box, maskFile }: OpenObject): boolean {
  return points.length === 0 && box === undefined && maskFile === undefined;
}
