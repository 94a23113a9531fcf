import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { WebGpuError } from '../webgpu-error.ts';
import { type Access, type ArenaLimits, planArenas, type Span } from './plan-arenas.ts';

const LIMITS: ArenaLimits = { alignment: 256, arenaBytes: 2 ** 28, bindingBytes: 2 ** 27 };

interface Network {
  readonly spans: readonly Span[];
  readonly accesses: readonly Access[];
}

/** A random network: step i writes value i and reads up to three earlier ones. */
const networks: fc.Arbitrary<Network> = fc
  .array(
    fc.record({
      bytes: fc.oneof(fc.integer({ min: 4, max: 5000 }), fc.constantFrom(256, 65536, 1 << 20)),
      reads: fc.array(fc.nat(), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((steps) => {
    const accesses = steps.map(({ reads }, step) => ({
      writes: [step],
      reads: step === 0 ? [] : [...new Set(reads.map((read) => read % step))],
    }));
    const spans = steps.map(({ bytes }, value) => ({
      bytes,
      first: value,
      last: Math.max(
        value,
        ...accesses.map(({ reads }, step) => (reads.includes(value) ? step : 0)),
      ),
      label: `value ${value}`,
    }));
    return { spans, accesses };
  });

describe('planArenas', () => {
  test('no two values that are alive together overlap', () => {
    fc.assert(
      fc.property(networks, ({ spans, accesses }) => {
        const { placements } = planArenas(spans, accesses, LIMITS);
        for (const [a, left] of spans.entries()) {
          for (const [b, right] of spans.entries()) {
            const together = left.first <= right.last && right.first <= left.last;
            if (a >= b || !together || placements[a]!.arena !== placements[b]!.arena) {
              continue;
            }
            const isApart =
              placements[a]!.offset + left.bytes <= placements[b]!.offset ||
              placements[b]!.offset + right.bytes <= placements[a]!.offset;
            expect(isApart).toBe(true);
          }
        }
      }),
    );
  });

  test('no step reads and writes one arena; values lie within arenas, aligned', () => {
    fc.assert(
      fc.property(networks, ({ spans, accesses }) => {
        const { arenas, placements } = planArenas(spans, accesses, LIMITS);
        for (const { reads, writes } of accesses) {
          const written = writes.map((value) => placements[value]!.arena);
          expect(reads.every((value) => !written.includes(placements[value]!.arena))).toBe(true);
        }
        for (const [index, { arena, offset }] of placements.entries()) {
          expect(offset % LIMITS.alignment).toBe(0);
          expect(offset + spans[index]!.bytes).toBeLessThanOrEqual(arenas[arena]!);
        }
      }),
    );
  });

  test('is no smaller than what is alive at once and no larger than all together', () => {
    fc.assert(
      fc.property(networks, ({ spans, accesses }) => {
        const { arenas } = planArenas(spans, accesses, LIMITS);
        const total = arenas.reduce((sum, bytes) => sum + bytes, 0);
        const alive = spans.map((_, step) =>
          spans
            .filter(({ first, last }) => first <= step && step <= last)
            .reduce((sum, { bytes }) => sum + bytes, 0),
        );
        expect(total).toBeGreaterThanOrEqual(Math.max(...alive));
        expect(total).toBeLessThanOrEqual(
          spans.reduce((sum, { bytes }) => sum + Math.ceil(bytes / 256) * 256, 0),
        );
      }),
    );
  });

  test('a chain of equal values needs two of them', () => {
    const spans = Array.from({ length: 10 }, (_, step) => ({
      bytes: 1024,
      first: step,
      last: step + 1,
      label: '',
    }));
    const accesses = spans.map((_, step) => ({
      writes: [step],
      reads: step === 0 ? [] : [step - 1],
    }));
    expect(planArenas(spans, accesses, LIMITS).arenas).toEqual([1024, 1024]);
  });

  test('arenas stay below the size of a buffer', () => {
    const spans = Array.from({ length: 4 }, (_, value) => ({
      bytes: 1000,
      first: 0,
      last: 1,
      label: `value ${value}`,
    }));
    const limits = { alignment: 256, arenaBytes: 2048, bindingBytes: 2048 };
    expect(planArenas(spans, [], limits).arenas).toEqual([2048, 2048]);
  });

  test('a value that no binding holds is refused by name, with both sizes', () => {
    const spans = [{ bytes: 2 ** 27 + 4, first: 0, last: 0, label: 'scores of "attention"' }];
    let error: unknown;
    try {
      planArenas(spans, [], LIMITS);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(WebGpuError);
    const { message, sizes } = error as WebGpuError;
    expect(message).toMatch(/scores of "attention" takes 128\.0 MiB.*at most 128\.0 MiB/);
    expect(sizes).toEqual({ got: 2 ** 27 + 4, limit: 2 ** 27 });
  });
});
