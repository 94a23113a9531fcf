import type { ModelTuning } from 'samgpu';

import { paintFor } from '../terminal/paint.ts';
import { alignColumns } from '../terminal/table.ts';
import { countText, durationText } from '../terminal/words.ts';

type Measurement = ModelTuning['graphs'][number]['measurements'][number];

/** What tuning found, for people. */
export function tuningText({ description, graphs }: ModelTuning): string {
  const paint = paintFor(process.stdout);
  const sections = graphs.map(({ name, measurements }) => {
    const rows = measurements.map(rowOf);
    const lines = alignColumns([['kernel', 'sizes', 'times', 'takes', 'because'], ...rows]);
    const none = ['no kernel of it has variants to choose from here'];
    const shown = rows.length > 0 ? lines : none;
    return [paint('bold', name), ...shown.map((line) => `  ${line}`)].join('\n');
  });
  return [description, ...sections, summaryOf(graphs.flatMap((graph) => graph.measurements))].join(
    '\n\n',
  );
}

// Sizes that go without saying.
const UNTOLD: Readonly<Record<string, number>> = { batch: 1, groups: 1, relative: 0 };

function rowOf(measurement: Measurement): string[] {
  const { kernel, sizes, weights, count, variant } = measurement;
  const told = Object.entries(sizes).filter(([name, size]) => size !== UNTOLD[name]);
  const shape = told.map(([name, size]) => `${name} ${size}`);
  return [
    weights === undefined ? kernel : `${kernel} ${weights}`,
    shape.join(', '),
    String(count),
    variant,
    reasonOf(measurement),
  ];
}

function reasonOf({ note, usual, variant, milliseconds, refused }: Measurement): string {
  if (note !== undefined) return note;
  const others = Object.entries(milliseconds).filter(([name]) => name !== variant);
  const own = durationText(milliseconds[variant]!);
  const than = others.map(([name, time]) => `${name} ${durationText(time)}`);
  const words = [than.length === 0 ? own : `${own}; ${than.join(', ')}`];
  if (variant !== usual) {
    words.push(`${(milliseconds[usual]! / milliseconds[variant]!).toFixed(2)} times as quick`);
  }
  if (refused.length > 0) words.push(`other results: ${refused.join(', ')}`);
  return words.join('; ');
}

function summaryOf(measurements: readonly Measurement[]): string {
  const measured = measurements.filter(({ note }) => note === undefined);
  const won = measured.filter(({ usual, variant }) => usual !== variant);
  const sum = (variantOf: (measurement: Measurement) => string): number =>
    measured.reduce((total, one) => total + one.count * (one.milliseconds[variantOf(one)] ?? 0), 0);
  const before = sum(({ usual }) => usual);
  const after = sum(({ variant }) => variant);
  const gain =
    won.length === 0
      ? 'the usual variants are the quickest'
      : `${countText(won.length, 'shape')} of ${measured.length} ${won.length === 1 ? 'is' : 'are'} quicker ` +
        `with another variant: ${durationText(before)} become ${durationText(after)}`;
  return measured.length === 0
    ? 'Everything was known from earlier runs; measure again with --again.'
    : `Measured ${countText(measured.length, 'shape')}; ${gain}. It is kept for later runs.`;
}
