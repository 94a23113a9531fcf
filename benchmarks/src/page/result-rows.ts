/** Rows of the page's table. */
import { shareOfPeak } from '../gpu/gpu-result.ts';
import type { Peak } from '../gpu/peak/measure-peak.ts';
import type { Spread } from '../statistics.ts';
import type { PageFailure, PageRow } from './page-bench.ts';
import { make } from './page-elements.ts';

const COLUMNS = 8;

export function comparedRow(row: PageRow, peak: Peak): HTMLTableRowElement {
  const { name, peerName, ours, peer, ratio, gigaflops, maxAbsError } = row;
  return make('tr', [
    make('td', name),
    make('td', peerName),
    timeCell(ours),
    timeCell(peer),
    make('td', `${ratio.toFixed(1)} ×`, `number ${ratio >= 1 ? 'faster' : 'slower'}`),
    make('td', gigaflops.toFixed(gigaflops < 10 ? 2 : 0), 'number'),
    make('td', `${(100 * shareOfPeak(row, peak)).toFixed(0)} %`, 'number'),
    make('td', maxAbsError.toExponential(0), 'number'),
  ]);
}

export function failedRow({ name, peerName, error }: PageFailure): HTMLTableRowElement {
  const message = make('td', error, 'error');
  message.colSpan = COLUMNS - 2;
  return make('tr', [make('td', name), make('td', peerName), message]);
}

function timeCell({ median, p10, p90 }: Spread): HTMLTableCellElement {
  const range = make('small', ` (${digits(p10)} to ${digits(p90)})`);
  return make('td', [new Text(digits(median)), range], 'number');
}

function digits(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0);
}
