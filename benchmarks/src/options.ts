import { parseArgs } from 'node:util';

/** Sizes of the cases; `reduced` is what a software adapter can bear. */
export type Scale = 'reduced' | 'full';

/** What `kernels` and `models` take. */
export interface GpuOptions {
  readonly json: boolean;
  /** Also measure each kernel of our programs by itself. */
  readonly profile: boolean;
  /** Only cases whose name contains this. */
  readonly filter: string | undefined;
  /** @defaultValue full on a GPU, reduced on a software adapter */
  readonly scale: Scale | undefined;
  /** Timed runs of each engine. @defaultValue 20 on a GPU, 5 on a software adapter */
  readonly runs: number | undefined;
}

/** What a command line may hold for any subject. */
export interface Options extends GpuOptions {
  /** Of `family`: a folder with the official repositories, to be measured beside ours. */
  readonly torch: string | undefined;
}

export type GpuSubject = 'kernels' | 'models' | 'images';
export type Subject =
  | GpuSubject
  | 'nano'
  | 'family'
  | 'matte'
  | 'studio'
  | 'track'
  | 'profile'
  | 'report'
  | 'bundle'
  | 'page';

/** What was asked for on a command line. */
export type Request =
  | { readonly kind: 'help' }
  | { readonly kind: 'run'; readonly subject: Subject; readonly options: Options };

/** A command line that makes no sense. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

export const SUBJECTS: readonly Subject[] = [
  'nano',
  'family',
  'matte',
  'studio',
  'track',
  'kernels',
  'models',
  'images',
  'profile',
  'report',
  'page',
  'bundle',
];

export const GPU_OPTIONS_HELP = `  --json                 print the result as JSON
  --filter TEXT          only cases whose name contains TEXT
  --scale reduced|full   sizes of the cases; full on a GPU, reduced on a software adapter
  --runs N               timed runs of each engine; 20 on a GPU, 5 on a software adapter
  --profile              also the time of each of our kernels on the device
  --torch FOLDER         family: measure the official code, checked out in FOLDER, beside ours`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  filter: { type: 'string' },
  scale: { type: 'string' },
  runs: { type: 'string' },
  torch: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * @param args - without the program's name: a subject and options
 * @throws UsageError
 */
export function parseRequest(args: readonly string[]): Request {
  const { values, positionals } = parse(args);
  if (values.help) {
    return { kind: 'help' };
  }
  const [name = '', ...others] = positionals;
  const subject = SUBJECTS.find((known) => known === name);
  if (subject === undefined || others.length > 0) {
    throw new UsageError(
      `"${positionals.join(' ')}" is no subject, wanted one of ${SUBJECTS.join(', ')}`,
    );
  }
  const options = { ...gpuOptions(values), torch: values.torch };
  rejectWhatIsIgnored(subject, options);
  return { kind: 'run', subject, options };
}

/**
 * The options alone, where the subjects are given.
 *
 * @returns undefined where help was asked for
 * @throws UsageError
 */
export function parseGpuOptions(args: readonly string[]): GpuOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help) {
    return undefined;
  }
  if (positionals.length > 0) {
    throw new UsageError(`"${positionals.join(' ')}" is no option`);
  }
  if (values.torch !== undefined) {
    throw new UsageError('--torch is for the subject family');
  }
  return gpuOptions(values);
}

interface Values {
  readonly json: boolean;
  readonly profile: boolean;
  readonly help: boolean;
  readonly filter?: string;
  readonly scale?: string;
  readonly runs?: string;
  readonly torch?: string;
}

function parse(args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function gpuOptions({ json, profile, filter, scale, runs }: Values): GpuOptions {
  if (scale !== undefined && scale !== 'reduced' && scale !== 'full') {
    throw new UsageError(`--scale is "${scale}", wanted reduced or full`);
  }
  const count = runs === undefined ? undefined : Number(runs);
  if (count !== undefined && !(Number.isInteger(count) && count > 0)) {
    throw new UsageError(`--runs is "${runs}", wanted a whole number above 0`);
  }
  return { json, profile, filter, scale, runs: count };
}

function rejectWhatIsIgnored(
  subject: Subject,
  { profile, filter, scale, runs, torch }: Options,
): void {
  if (torch !== undefined && subject !== 'family') {
    throw new UsageError('--torch is for the subject family');
  }
  const forGpu =
    profile ||
    scale !== undefined ||
    runs !== undefined ||
    (filter !== undefined && subject !== 'family' && subject !== 'track');
  if (forGpu && !['kernels', 'models', 'images', 'profile'].includes(subject)) {
    throw new UsageError(
      `${subject} takes none of the options for kernels, models, images and profile`,
    );
  }
}
