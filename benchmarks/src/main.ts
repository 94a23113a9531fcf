/** `npm run bench -- SUBJECT [--json] [--filter TEXT] [--scale reduced|full] [--runs N]` */
import { parseArgs } from 'node:util';

const USAGE = `usage: npm run bench -- SUBJECT [--json]

subjects
  nano      nano on the CPU: times, memory, size of the library
  kernels   single operations on WebGPU beside ONNX Runtime on the same adapter
  models    encoders and decoders on WebGPU beside ONNX Runtime on the same adapter

options
  --json                 print the result as JSON
  --filter TEXT          only cases whose name contains TEXT
  --scale reduced|full   sizes of the cases; full on a GPU, reduced on a software adapter
  --runs N               timed runs of each engine; 20 on a GPU, 5 on a software adapter`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    filter: { type: 'string' },
    scale: { type: 'string' },
    runs: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [subject = ''] = positionals;

function gpuOptions(): {
  json: boolean;
  filter: string | undefined;
  scale: 'reduced' | 'full' | undefined;
  runs: number | undefined;
} {
  const { json, filter, scale } = values;
  if (scale !== undefined && scale !== 'reduced' && scale !== 'full') {
    throw new RangeError(`--scale is "${scale}", wanted reduced or full`);
  }
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isInteger(runs) && runs > 0)) {
    throw new RangeError(`--runs is "${values.runs}", wanted a whole number above 0`);
  }
  return { json, filter, scale, runs };
}

// Subjects are loaded when asked for: measuring a CPU needs no GPU.
if (values.help) {
  console.log(USAGE);
} else if (subject === 'nano') {
  const { benchNano } = await import('./nano.ts');
  await benchNano(values);
} else if (subject === 'kernels' || subject === 'models') {
  const { benchGpu } = await import('./gpu/bench-gpu.ts');
  await benchGpu(subject, gpuOptions());
} else {
  console.error(`bench: there is no subject "${subject}"\n\n${USAGE}`);
  process.exitCode = 2;
}
