// A state lies in a file with a first line that tells what must follow. Whatever ends a write, a file
// that is not whole is known by it, and the one before it is taken.

import { Crc32 } from '@samgpu/weights/zip';

const format = 'samgpu-autosave';

/** What the first line says. */
export interface StateHeader {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly width: number;
  readonly height: number;
  readonly objects: number;
  /** Names of the kept files that the state refers to. */
  readonly files?: readonly string[];
}

/** A state with what is known of it. */
export interface SavedState extends StateHeader {
  readonly state: unknown;
}

const longestHeader = 4096;

export function packState({ state, ...header }: SavedState): Blob {
  const body = new TextEncoder().encode(JSON.stringify(state) ?? 'null');
  const check = new Crc32();
  check.update(body);
  const line = { format, ...header, bytes: body.length, crc32: check.value };
  return new Blob([`${JSON.stringify(line)}\n`, body], { type: 'application/json' });
}

/** A header, and what is needed to read what follows it. */
interface FoundHeader extends StateHeader {
  /** Offset of the state. */
  readonly start: number;
  readonly crc32: unknown;
}

/** @returns undefined for what is not whole */
export async function unpackHeader(file: Blob): Promise<FoundHeader | undefined> {
  const bytes = new Uint8Array(await file.slice(0, longestHeader).arrayBuffer());
  const start = bytes.indexOf(10) + 1;
  if (start === 0) return undefined;
  const line = parse(bytes.subarray(0, start)) as Partial<Record<string, unknown>> | undefined;
  if (line?.['format'] !== format || line['bytes'] !== file.size - start) return undefined;
  const { name, savedAt, width, height, objects, files, crc32 } = line;
  if (typeof name !== 'string') return undefined;
  const [at, w, h, count] = [savedAt, width, height, objects].map(Number);
  return {
    name,
    savedAt: at!,
    width: w!,
    height: h!,
    objects: count!,
    ...(Array.isArray(files) && { files: files.filter((file) => typeof file === 'string') }),
    start,
    crc32,
  };
}

/** @returns undefined for what is not whole */
export async function unpackState(file: Blob): Promise<SavedState | undefined> {
  const header = await unpackHeader(file);
  if (header === undefined) return undefined;
  const { start, crc32, ...known } = header;
  const body = new Uint8Array(await file.slice(start).arrayBuffer());
  const check = new Crc32();
  check.update(body);
  if (check.value !== crc32) return undefined;
  return { ...known, state: parse(body) };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
