/**
 * nano on the two CPU runtimes: how long a first mask and each further one take, how long the
 * command takes as a process, what it needs of memory, and what the library weighs.
 */
import { nano } from '@samgpu/nano';
import { Segmenter } from 'samgpu';

import { bundleSize } from './bundle-size.ts';
import { measureCommand, measureLargePhoto } from './command.ts';
import { describeMachine } from './machine.ts';
import { type Figure, reportFigures } from './results.ts';
import { type Spread, timeRuns } from './statistics.ts';
import { SAMPLE_PHOTO } from './workspace.ts';

interface RuntimeFigures {
  readonly firstMask: Spread;
  readonly furtherMask: Spread;
  readonly area: number;
}

async function measureRuntime(runtime: 'node' | 'web'): Promise<RuntimeFigures> {
  using segmenter = await Segmenter.load(nano, { onnx: { runtime } });
  using photo = await segmenter.encode(SAMPLE_PHOTO);
  const { pixels } = photo;
  const prompt = (x: number): { points: { x: number; y: number }[] } => ({
    points: [{ x, y: 180 }],
  });
  const { mask } = await photo.segment(prompt(300));

  const firstMask = await timeRuns(async () => {
    using image = await segmenter.encode(pixels);
    await image.segment(prompt(300));
  });
  let x = 200;
  const furtherMask = await timeRuns(() => photo.segment(prompt((x += 7))), { runs: 30 });
  return { firstMask, furtherMask, area: mask.area };
}

function timed(name: string, { median, p10, p90 }: Spread, limit: number): Figure {
  return { name, unit: 'ms', value: median, limit, p10, p90 };
}

export async function benchNano({ json }: { readonly json: boolean }): Promise<void> {
  const node = await measureRuntime('node');
  const web = await measureRuntime('web');
  // The same prompt on both runtimes: areas may differ by pixels on the threshold.
  if (Math.abs(node.area - web.area) > node.area * 0.001) {
    throw new Error(`the runtimes disagree: masks of ${node.area} and ${web.area} pixels`);
  }
  const command = await measureCommand();
  const largePhoto = await measureLargePhoto();
  const bundle = await bundleSize();

  const figures: Figure[] = [
    timed('onnxruntime-node: encode and first mask', node.firstMask, 150),
    timed('onnxruntime-node: each further prompt', node.furtherMask, 25),
    timed('onnxruntime-web (WASM): encode and first mask', web.firstMask, 500),
    timed('onnxruntime-web (WASM): each further prompt', web.furtherMask, 60),
    timed('command: process start to mask on disk', command, 1500),
    {
      name: 'command: peak memory on a 24-megapixel JPEG',
      unit: 'MB',
      value: largePhoto.peakBytes / 1e6,
      limit: 700,
    },
    {
      name: 'samgpu, graph and nano definition, minified and gzipped',
      unit: 'kB',
      value: bundle.library.gzipBytes / 1000,
      limit: 60,
    },
  ];
  const result = {
    what: 'nano' as const,
    date: new Date().toISOString(),
    machine: describeMachine(['onnxruntime-node', 'onnxruntime-web', 'sharp']),
    figures,
    largePhoto,
    bundle,
  };
  reportFigures(result, { json });
}
