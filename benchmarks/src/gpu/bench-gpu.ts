/** `npm run bench -- kernels|models|images`: ours and a peer on one machine, in turns. */
import { type GpuOptions, type GpuSubject, UsageError } from '../options.ts';
import { storeResult } from '../results.ts';
import { casesTable, folderOf } from './gpu-result.ts';
import { measureSubject, openGpuBench } from './measure-subject.ts';

/** Measures a subject, stores the result if it is whole, and prints it. */
export async function benchGpu(subject: GpuSubject, options: GpuOptions): Promise<void> {
  const bench = await openGpuBench();
  const result = await measureSubject(bench, subject, options);
  bench.dispose();
  if (result.cases.length + result.failed.length === 0) {
    throw new UsageError(`no case of ${subject} has "${options.filter}" in its name`);
  }
  const { adapter, complete, failed } = result;
  const isWhole = complete && failed.length === 0;
  const stored = isWhole
    ? `Written to ${storeResult(folderOf(adapter), subject, result)}`
    : `Not stored: ${complete ? `${failed.length} cases failed` : 'a part of the cases or of the runs was asked for'}.`;
  console.log(options.json ? JSON.stringify(result) : `${casesTable(result)}\n\n${stored}`);
  if (failed.length > 0) {
    process.exitCode = 1;
  }
}
