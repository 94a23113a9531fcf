/**
 * Where the values of a program lie: offsets in a few large buffers, so that values that are never
 * alive together share memory.
 *
 * WebGPU does not let one dispatch read and write the same buffer, not even apart from each other.
 * A value therefore never lies in the arena of a value that is read while it is written; this takes
 * two or three arenas for a network. Within an arena the largest values are placed first, each into
 * the tightest gap that is free for as long as it lives. That is "greedy by size" of Pisarchyk and
 * Lee, "Efficient Memory Management for Deep Neural Net Inference" (2020), with more than one arena.
 */
import { formatBytes, WebGpuError } from '../webgpu-error.ts';

/** A value that needs memory while the steps from `first` to `last` run. */
export interface Span {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
  /** Whose it is, for messages. */
  readonly label: string;
}

/** What one step touches: positions in the list of spans. */
export interface Access {
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

export interface ArenaLimits {
  /** Offsets are multiples of it: `minStorageBufferOffsetAlignment`. */
  readonly alignment: number;
  /** Most bytes of one arena: `maxBufferSize`. */
  readonly arenaBytes: number;
  /** Most bytes of one value: `maxStorageBufferBindingSize`. */
  readonly bindingBytes: number;
}

export interface Placement {
  readonly arena: number;
  readonly offset: number;
}

export interface ArenaPlan {
  /** Bytes of each arena. */
  readonly arenas: readonly number[];
  /** One for each span. */
  readonly placements: readonly Placement[];
}

/** @throws WebGpuError `unsupported` for a value that is larger than a binding or a buffer may be */
export function planArenas(
  spans: readonly Span[],
  accesses: readonly Access[],
  limits: ArenaLimits,
): ArenaPlan {
  expectBindable(spans, limits);
  const apart = enemies(spans.length, accesses);
  const plans = ORDERS.map((order) => place(spans, order(spans), apart, limits));
  return plans.reduce((best, plan) => (total(plan) < total(best) ? plan : best));
}

/** @throws WebGpuError `unsupported` for a value that is larger than a binding or a buffer may be */
export function expectBindable(
  values: readonly Pick<Span, 'bytes' | 'label'>[],
  { bindingBytes, arenaBytes }: ArenaLimits,
): void {
  const limit = Math.min(bindingBytes, arenaBytes);
  for (const { bytes, label } of values) {
    if (bytes > limit) {
      throw new WebGpuError(
        'unsupported',
        `${label} takes ${formatBytes(bytes)}, and this device binds at most ${formatBytes(limit)} ` +
          'at once; use a smaller model or batch, or a device that was opened with larger limits',
        { sizes: { got: bytes, limit } },
      );
    }
  }
}

type Order = (spans: readonly Span[]) => number[];

// None is best for every graph, and all together cost milliseconds.
const ORDERS: readonly [Order, ...Order[]] = [
  sorted((a, b) => b.bytes - a.bytes || a.first - b.first),
  sorted((a, b) => a.first - b.first || b.bytes - a.bytes),
  sorted((a, b) => lifetime(b) - lifetime(a) || b.bytes - a.bytes),
];

function sorted(compare: (a: Span, b: Span) => number): Order {
  return (spans) => spans.map((_, index) => index).sort((a, b) => compare(spans[a]!, spans[b]!));
}

function lifetime({ bytes, first, last }: Span): number {
  return bytes * (last - first + 1);
}

function total({ arenas }: ArenaPlan): number {
  return arenas.reduce((sum, bytes) => sum + bytes, 0);
}

/** For each span, those that must not lie in its arena. */
function enemies(count: number, accesses: readonly Access[]): readonly ReadonlySet<number>[] {
  const apart = Array.from({ length: count }, () => new Set<number>());
  for (const { reads, writes } of accesses) {
    for (const written of writes) {
      for (const read of reads) {
        apart[written]!.add(read);
        apart[read]!.add(written);
      }
    }
  }
  return apart;
}

interface Arena {
  bytes: number;
  readonly members: number[];
}

function place(
  spans: readonly Span[],
  order: readonly number[],
  apart: readonly ReadonlySet<number>[],
  limits: ArenaLimits,
): ArenaPlan {
  const arenas: Arena[] = [];
  const placements = new Array<Placement>(spans.length);
  for (const index of order) {
    const size = align(spans[index]!.bytes, limits.alignment);
    let best = { arena: arenas.length, offset: 0, growth: size, gap: Number.POSITIVE_INFINITY };
    for (const [arena, { bytes, members }] of arenas.entries()) {
      if (members.some((member) => apart[index]!.has(member))) {
        continue;
      }
      const { offset, gap } = tightestGap(index, size, spans, placements, members, limits);
      const growth = Math.max(0, offset + size - bytes);
      const isTighter = gap < best.gap || best.arena === arenas.length;
      const better = growth < best.growth || (growth === best.growth && isTighter);
      if (better && offset + size <= limits.arenaBytes) {
        best = { arena, offset, growth, gap };
      }
    }
    const arena = (arenas[best.arena] ??= { bytes: 0, members: [] });
    arena.bytes += best.growth;
    arena.members.push(index);
    placements[index] = { arena: best.arena, offset: best.offset };
  }
  return { arenas: arenas.map(({ bytes }) => bytes), placements };
}

/** The smallest place that is free while a span lives; behind everything else its gap is endless. */
function tightestGap(
  index: number,
  size: number,
  spans: readonly Span[],
  placements: readonly Placement[],
  members: readonly number[],
  { alignment }: ArenaLimits,
): { offset: number; gap: number } {
  const { first, last } = spans[index]!;
  const neighbours = members
    .filter((member) => spans[member]!.first <= last && spans[member]!.last >= first)
    .map((member) => ({
      start: placements[member]!.offset,
      end: placements[member]!.offset + align(spans[member]!.bytes, alignment),
    }))
    .sort((a, b) => a.start - b.start);
  let end = 0;
  let best: { offset: number; gap: number } | undefined;
  for (const neighbour of neighbours) {
    const gap = neighbour.start - end;
    if (gap >= size && (best === undefined || gap < best.gap)) {
      best = { offset: end, gap };
    }
    end = Math.max(end, neighbour.end);
  }
  return best ?? { offset: end, gap: Number.POSITIVE_INFINITY };
}

/** The next multiple of `alignment`. */
export function align(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
