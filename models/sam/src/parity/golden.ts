import { fileURLToPath } from 'node:url';

import type { HostValue } from '@samgpu/graph';
import { expectClose, openParityCase, type ParityCase } from '@samgpu/testing';

import { channelsLast, type Windows } from './layout.ts';

/** A file or folder of this package's fixtures. */
export function fixture(path: string): string {
  return fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
}

export function openFixture(path: string): Promise<ParityCase> {
  return openParityCase(fixture(path));
}

/** Whether a case holds a tensor, as a whole or samples of it. */
export function isStored({ names }: ParityCase, name: string): boolean {
  return names.some((stored) => stored === name || stored === `${name}.sample`);
}

/** A formula input as it is. */
export function formulaInput(parityCase: ParityCase, name: string): HostValue {
  const { shape, values } = parityCase.input(name);
  return { shape, data: values };
}

/** A formula input that is a map with channels first, channels last. */
export function formulaMap(parityCase: ParityCase, name: string): HostValue {
  const { shape, values } = parityCase.input(name);
  const [n, c, h, w] = shape as [number, number, number, number];
  return { shape: [n, h, w, c], data: channelsLast(values, [n, c, h, w]) };
}

/**
 * Compares a whole tensor in the official layout with what is stored of it.
 *
 * @param limit - the largest error; by default the one that the case states for this tensor, with
 * its root mean square
 */
export async function expectGolden(
  parityCase: ParityCase,
  name: string,
  actual: ArrayLike<number>,
  limit?: number,
): Promise<void> {
  const golden = await parityCase.golden(name);
  const what = `${parityCase.name} ${name}`;
  expectClose(golden.select(Float32Array.from(actual)), golden.values, {
    what,
    ...(limit === undefined ? statedLimit(golden.limit, what) : { limit }),
  });
}

/** The same for windows. What the official code computes outside of the map is never used. */
export async function expectGoldenWindows(
  parityCase: ParityCase,
  name: string,
  { values, inside }: Windows,
  limit?: number,
): Promise<void> {
  const golden = await parityCase.golden(name);
  const what = `${parityCase.name} ${name}`;
  const isInside = golden.select(Float32Array.from(inside));
  const kept = (list: Float32Array): Float32Array =>
    list.filter((_, index) => isInside[index] === 1);
  expectClose(kept(golden.select(values)), kept(golden.values), {
    what,
    ...(limit === undefined ? statedLimit(golden.limit, what) : { limit }),
  });
}

function statedLimit(
  stated: { readonly maxAbs: number; readonly rms: number } | undefined,
  what: string,
): { limit: number; rmsLimit: number } {
  if (stated === undefined) {
    throw new RangeError(`${what} comes without a limit: state one`);
  }
  return { limit: stated.maxAbs, rmsLimit: stated.rms };
}
