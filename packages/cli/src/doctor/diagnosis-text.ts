import { type Paint, paintFor } from '../terminal/paint.ts';
import { alignColumns } from '../terminal/table.ts';
import { bytesText, durationText } from '../terminal/words.ts';
import type { Diagnosis, VideoDiagnosis, WebgpuDiagnosis } from './diagnosis.ts';

/** The diagnosis for people. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const paint = paintFor(process.stdout);
  const { samgpu, node, machine, images, cache } = diagnosis;
  const sections: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    [
      'Versions',
      [
        ['samgpu', samgpu],
        ['node', node],
      ],
    ],
    [
      'Machine',
      [
        ['platform', machine.platform],
        ['processor', `${machine.cpu}, ${machine.cores} cores`],
        ['memory', `${bytesText(machine.memory)}, ${bytesText(machine.freeMemory)} free`],
      ],
    ],
    ['Backends', backendRows(diagnosis, paint)],
    ['WebGPU', webgpuRows(diagnosis.webgpu)],
    [
      'Pictures',
      [
        ['sharp', images.sharp ?? `does not load: ${images.note ?? 'unknown reason'}`],
        ['reads', images.formats.join(', ') || 'nothing'],
      ],
    ],
    ['Videos', videoRows(diagnosis.videos)],
    [
      'Models',
      [
        ['cache', `${cache.folder}, ${bytesText(cache.bytes)}`],
        ...(cache.mirror === null ? [] : [['mirror', cache.mirror]]),
      ],
    ],
  ];
  return sections
    .map(([title, rows]) => [paint('bold', title), ...indented(rows)].join('\n'))
    .join('\n\n');
}

function indented(rows: readonly (readonly string[])[]): string[] {
  return alignColumns(rows).map((line) => `  ${line}`);
}

function backendRows({ backends, chosen }: Diagnosis, paint: Paint): string[][] {
  const rows = backends.map(({ name, available, detail }) => [
    name,
    available ? detail : `not available: ${detail}`,
  ]);
  if ('error' in chosen) return [...rows, ['chosen', paint('red', `none: ${chosen.error}`)]];
  const { description, reason, model, loadTime } = chosen;
  return [
    ...rows,
    ['chosen', paint('green', description)],
    ['because', reason],
    ['loads', `${model} in ${durationText(loadTime)}`],
  ];
}

function videoRows({ ffmpeg, ffprobe }: VideoDiagnosis): string[][] {
  return [
    [
      'ffmpeg',
      ffmpeg ??
        'not on PATH: video files need it, folders of images do not; install FFmpeg, for example with ' +
          'apt-get install ffmpeg',
    ],
    ['ffprobe', ffprobe ?? 'not on PATH: how long tracking a video will take is not known ahead'],
  ];
}

function webgpuRows({ package: version, adapter, note }: WebgpuDiagnosis): string[][] {
  const rows = [['note', note]];
  if (version !== null) rows.push(['package', `webgpu ${version}`]);
  if (adapter !== null) {
    const { vendor, architecture, device, description, isFallback, features, limits } = adapter;
    const name = [vendor, architecture, device, description].filter((part) => part !== '');
    rows.push(
      ['adapter', `${name.join(', ')}${isFallback ? ' (software)' : ''}`],
      ['features', features.join(', ')],
      ...Object.entries(limits).map(([name, value]) => ['limit', `${name} ${value}`]),
    );
  }
  return rows;
}
