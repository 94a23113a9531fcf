/** Single modules of the official code, each by itself. */
import type { Graph, HostValue, WeightStore } from '@samgpu/graph';

import { asObject } from '../core/description.ts';
import { type Outputs, runOnce } from '../core/engine.ts';
import type { CaseFolder } from '../core/family.ts';
import { channelsFirst, channelsLast, toWindows } from '../core/layout.ts';
import { UnreadableCaseError } from '../core/result.ts';
import { messageOf, withoutSuffix } from '../core/stage-list.ts';

export type Shape4 = readonly [number, number, number, number];

/** One module of a case. */
export interface ModuleCheck {
  /** As `case.json` names it. */
  readonly name: string;
  /** Too much for the float64 interpreter, which then leaves it out. */
  readonly isLarge?: boolean;
  readonly check: (run: ModuleRun) => Promise<void>;
}

/** Runs all modules of a case. One that fails does not keep the others from running. */
export async function checkModules(
  folder: CaseFolder,
  modules: readonly ModuleCheck[],
): Promise<void> {
  const { stages, engine, parityCase } = folder;
  for (const { name, isLarge = false, check } of modules) {
    if (isLarge && engine.name === 'interpreter') {
      for (const stored of parityCase.names.filter((other) => other.startsWith(`${name}.`))) {
        stages.leaveOut(withoutSuffix(stored), 'too much for the interpreter');
      }
      continue;
    }
    folder.progress(name);
    try {
      await check(new ModuleRun(folder));
    } catch (error) {
      stages.fail(name, messageOf(error));
    }
  }
}

/** What the checks of a module need of its case. */
export class ModuleRun {
  readonly #folder: CaseFolder;

  constructor(folder: CaseFolder) {
    this.#folder = folder;
  }

  weights(shapes: ReadonlyMap<string, readonly number[]>): WeightStore {
    return this.#folder.parityCase.weights(shapes);
  }

  run(
    graph: Graph,
    inputs: Readonly<Record<string, HostValue>>,
    weights: WeightStore,
  ): Promise<Outputs> {
    return runOnce(this.#folder.engine, graph, inputs, weights);
  }

  /** A formula input as it is. */
  input(name: string): HostValue {
    const { shape, values } = this.#folder.parityCase.input(name);
    return { shape, data: values };
  }

  /** A formula input that is a map with channels first, channels last. */
  map(name: string): HostValue {
    const { shape, values } = this.#folder.parityCase.input(name);
    const [n, c, h, w] = shape as Shape4;
    return { shape: [n, h, w, c], data: channelsLast(values, [n, c, h, w]) };
  }

  /** Compares a tensor in the official layout, within the limits that the case states for it. */
  compare(name: string, values: ArrayLike<number>): Promise<void> {
    return this.#folder.stages.compare(name, values);
  }

  /** The same for a map that is held with channels first. */
  comparePlanes(name: string, { data, shape }: Outputs[string]): Promise<void> {
    return this.compare(name, channelsFirst(data, shape as Shape4));
  }

  /** The same for a map in windows. What the official code computes outside of the map is never used. */
  compareWindows(name: string, { data, shape }: Outputs[string], window: number): Promise<void> {
    const { values, inside } = toWindows(data, shape as Shape4, window);
    return this.#folder.stages.compare(name, values, undefined, { inside });
  }
}

/** What `case.json` says of its modules. */
export interface ModuleFacts {
  /** Names of formula inputs. */
  readonly inputs: readonly string[];
  /** The sentence that describes a module; empty if there is none. */
  readonly textOf: (module: string) => string;
  /** The whole description of a module. */
  readonly describe: (module: string) => Readonly<Record<string, unknown>>;
  readonly modules: readonly string[];
}

export function moduleFacts({ parityCase }: CaseFolder): ModuleFacts {
  const { inputs, modules } = parityCase.description;
  const described = asObject(modules ?? {}, 'modules');
  const describe = (module: string): Readonly<Record<string, unknown>> =>
    asObject(described[module] ?? {}, `modules.${module}`);
  return {
    inputs: Object.keys(asObject(inputs ?? {}, 'inputs')),
    modules: Object.keys(described),
    describe,
    textOf(module) {
      const { what } = describe(module);
      return typeof what === 'string' ? what : '';
    },
  };
}

/** Parts of names that match a pattern: `matches(names, /^attention\.(.+)\.x$/)` gives what stands for `.+`. */
export function matches(names: readonly string[], pattern: RegExp): string[] {
  return names.flatMap((name) => {
    const found = pattern.exec(name)?.[1];
    return found === undefined ? [] : [found];
  });
}

/** Whole numbers in a sentence, such as both of "on a 12x20 map". */
export function numbersIn(text: string, pattern: RegExp, what: string): number[] {
  const found = pattern.exec(text);
  if (found === null) {
    throw new UnreadableCaseError(
      `${what} is described as "${text}", which does not say ${pattern}`,
    );
  }
  return found.slice(1).map(Number);
}
