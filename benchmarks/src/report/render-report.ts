/** Stored results as Markdown. */
import { adapterTitle, casesTable, type GpuResult, peakLine, peerName } from '../gpu/gpu-result.ts';
import type { Machine } from '../machine.ts';
import { formatFigures, type CpuResult } from '../results.ts';
import type { NewestResults } from './stored-results.ts';

const CPU_TITLES: Readonly<Record<CpuResult['what'], string>> = {
  nano: 'nano on a CPU',
  family: 'The SAM family on a CPU, at 1024x1024',
  matte: 'Mattes on a CPU',
  studio: 'The Studio in Chromium',
  track: 'Tracking with SAM 2.1 on a CPU',
};

/** All results, a heading for each. */
export function renderAll(results: NewestResults): string {
  if (results.size === 0) {
    return 'No results are stored yet.';
  }
  return [...results]
    .map(([place, result]) =>
      'figures' in result
        ? `### ${CPU_TITLES[result.what]}\n\n${renderFigures(result)}`
        : renderGpu(place.slice(0, place.indexOf('/')), result),
    )
    .join('\n\n');
}

/** The figures with the machine that they are of. */
export function renderFigures({ figures, machine, date, peer }: CpuResult): string {
  return `${formatFigures(figures, peer)}\n\n${machineLine(machine)}, ${dayOf(date)}.`;
}

function renderGpu(place: string, result: GpuResult): string {
  const { what, adapter, failed, peak, scale, machine, date, peer } = result;
  const failures = failed.map(({ name, error }) => `- not compared: ${name}: ${error}`);
  return [
    `### ${what}: ${adapterTitle(adapter)}`,
    casesTable(result),
    ...(failures.length > 0 ? [failures.join('\n')] : []),
    `${scale === 'full' ? 'Full' : 'Reduced'} sizes; ${peakLine(peak)}. ${peerName(what)} is ${peer}. ` +
      `${machineLine(machine)}, ${dayOf(date)} (\`results/${place}\`).`,
  ].join('\n\n');
}

function machineLine({ cpu, cores, memoryGiB, system, node, versions }: Machine): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [cpu, `${cores} cores`, `${memoryGiB} GiB`, system, `Node ${node}`, ...packages].join(
    ', ',
  );
}

function dayOf(date: string): string {
  return date.slice(0, 10);
}
