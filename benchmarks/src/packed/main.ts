/** What `run.sh` of a packed benchmark runs: all subjects on this machine's GPU. */
import { resolve } from 'node:path';

import { casesTable, folderOf, type GpuResult } from '../gpu/gpu-result.ts';
import { measureSubject, NoAdapterError, openGpuBench } from '../gpu/measure-subject.ts';
import {
  GPU_OPTIONS_HELP,
  type GpuOptions,
  type GpuSubject,
  parseGpuOptions,
  UsageError,
} from '../options.ts';
import { storeResult } from '../results.ts';

const USAGE = `usage: ./run.sh [options]

Compares single operations and whole models on WebGPU with ONNX Runtime on the same adapter, and what
becomes of pixels on it with the same in JavaScript. Results are written to the folder $OUT, or ./results where that is not set.

options
${GPU_OPTIONS_HELP}`;

const NO_DRIVER = `Vulkan looks for drivers in /usr/share/vulkan/icd.d and /etc/vulkan/icd.d. If yours lies elsewhere, name
its file: VK_DRIVER_FILES=/path/to/nvidia_icd.json ./run.sh. For NVIDIA in a container the file is often
missing although the driver is there; run.sh writes one if it finds libGLX_nvidia.so.0 or
libEGL_nvidia.so.0. If there is neither, start the container with NVIDIA_DRIVER_CAPABILITIES=all.`;

const SUBJECTS: readonly GpuSubject[] = ['kernels', 'models', 'images'];

async function measure(options: GpuOptions): Promise<void> {
  const folder = resolve(process.env['OUT'] ?? 'results');
  const bench = await openGpuBench();
  const results: Partial<Record<GpuSubject, GpuResult>> = {};
  for (const subject of SUBJECTS) {
    const result = await measureSubject(bench, subject, options);
    if (result.cases.length + result.failed.length === 0) {
      continue;
    }
    results[subject] = result;
    // One by one: what has been measured is kept, whatever happens next.
    const path = storeResult(folderOf(bench.adapter), subject, result, folder);
    process.stderr.write(`${subject}: written to ${path}\n`);
  }
  bench.dispose();
  const measured = Object.values(results);
  if (measured.length === 0) {
    throw new UsageError(`no case has "${options.filter}" in its name`);
  }
  console.log(options.json ? JSON.stringify(results) : measured.map(casesTable).join('\n\n'));
  process.exitCode = measured.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

try {
  const options = parseGpuOptions(process.argv.slice(2));
  await (options === undefined ? console.log(USAGE) : measure(options));
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`run.sh: ${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else if (error instanceof NoAdapterError) {
    console.error(`run.sh: ${error.message}\n\n${NO_DRIVER}`);
    process.exitCode = 3;
  } else {
    throw error;
  }
}
