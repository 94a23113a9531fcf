// One request, and what the answer means for a file of which a part may be there already (RFC 9110, sections 13 to 15).

import { storage } from '#storage';

import type { FileRecord } from '../cache/file-record.ts';
import { publicPart } from '../fetch-source.ts';
import { WeightsError } from '../weights-error.ts';
import type { LocatedFile } from './model-file.ts';
import { parseRetryAfter } from './retry.ts';

export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type Answer =
  /** The body is the file from its start. */
  | {
      readonly kind: 'whole';
      readonly total: number | undefined;
      readonly validators: Validators;
      readonly response: Response;
    }
  /** The body is what was asked for. */
  | { readonly kind: 'rest'; readonly total: number | undefined; readonly response: Response }
  /** Of no use: the part does not belong to what the server has now. */
  | { readonly kind: 'unfit'; readonly reason: string }
  /** Worth another try. */
  | {
      readonly kind: 'busy';
      readonly reason: string;
      /** In milliseconds, if the server says so. */
      readonly retryAfter: number | undefined;
    };

export interface PartToResume {
  readonly size: number;
  readonly record: FileRecord;
}

/** Whether the rest of a part may be asked for: without a pinned hash only if the server can tell versions apart. */
export function canResume(file: LocatedFile, { size, record }: PartToResume): boolean {
  return size > 0 && (file.isPinned || ifRange(file, record) !== undefined);
}

/**
 * @param part - undefined to ask for the whole file
 * @throws what `fetch` throws; WeightsError with code `fetch-failed` for a status that another try will not change
 */
export async function request(
  file: LocatedFile,
  part: PartToResume | undefined,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<Answer> {
  const validator = part && ifRange(file, part.record);
  const response = await fetch(file.url, {
    signal,
    // The body is kept once as it is.
    cache: 'no-store',
    headers: {
      ...storage.headers,
      ...(part && { range: `bytes=${part.size}-` }),
      ...(validator !== undefined && { 'if-range': validator }),
    },
  });
  const answer = await interpret(response, file, part);
  if (!('response' in answer)) {
    await response.body?.cancel().catch(() => undefined);
  }
  return answer;
}

async function interpret(
  response: Response,
  file: LocatedFile,
  part: PartToResume | undefined,
): Promise<Answer> {
  const { status, headers } = response;
  if (status === 200) {
    return {
      kind: 'whole',
      total: announcedLength(headers),
      validators: validatorsOf(headers),
      response,
    };
  }
  if (status === 206 && part !== undefined) {
    return interpretRest(response, file, part);
  }
  if (status === 416 && part !== undefined) {
    return { kind: 'unfit', reason: 'the server has nothing beyond the part' };
  }
  const reason =
    `${publicPart(file.url)} answered with status ${status} ${response.statusText}`.trim();
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { kind: 'busy', reason, retryAfter: parseRetryAfter(headers.get('retry-after')) };
  }
  await response.body?.cancel().catch(() => undefined);
  throw new WeightsError('fetch-failed', `${reason}, expected 200. Check the address`);
}

function interpretRest(response: Response, file: LocatedFile, part: PartToResume): Answer {
  const { headers } = response;
  const unfit = (reason: string): Answer => ({ kind: 'unfit', reason });
  if (headers.has('content-encoding')) {
    return unfit('the server compressed the rest');
  }
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(
    headers.get('content-range') ?? '',
  );
  const length = announcedLength(headers);
  // Another site's headers are hidden from a page, except for a few.
  if (range === null && !(storage.isForeign(file.url) && length !== undefined)) {
    return unfit('the server did not say which range it sent');
  }
  const [, start, , size] = range ?? [];
  if (start !== undefined && Number(start) !== part.size) {
    return unfit(`the server sent bytes from ${start} on instead of ${part.size}`);
  }
  const stated = size === undefined || size === '*' ? undefined : Number(size);
  const total = stated ?? (length === undefined ? undefined : part.size + length);
  const known = part.record.total ?? file.bytes;
  if (total !== undefined && known !== undefined && total !== known) {
    return unfit(`the file has ${total} bytes now, it had ${known}`);
  }
  if (part.record.address === file.address && hasChanged(part.record, validatorsOf(headers))) {
    return unfit('the file on the server has changed');
  }
  return { kind: 'rest', total: total ?? known, response };
}

/** Whether two answers from one address are certainly of two versions. */
function hasChanged(before: Validators, now: Validators): boolean {
  if (before.etag !== undefined && now.etag !== undefined) {
    return before.etag !== now.etag;
  }
  return (
    before.lastModified !== undefined &&
    now.lastModified !== undefined &&
    before.lastModified !== now.lastModified
  );
}

/** Whether what the server has now is, as far as it says, what is stored. */
export function isCurrent(record: FileRecord, answer: Answer): boolean {
  if (answer.kind !== 'whole') {
    return false;
  }
  const { etag, lastModified } = answer.validators;
  if (etag !== undefined || record.etag !== undefined) {
    return etag === record.etag;
  }
  return (
    lastModified !== undefined &&
    lastModified === record.lastModified &&
    (answer.total === undefined || answer.total === record.total)
  );
}

/** The validator to send with a range: it must be a strong one. Undefined if there is none that may be sent. */
function ifRange(file: LocatedFile, record: FileRecord): string | undefined {
  // For another site this header would need a permission that file servers seldom give.
  if (record.address !== file.address || storage.isForeign(file.url)) {
    return undefined;
  }
  const { etag, lastModified } = record;
  return etag === undefined ? lastModified : etag.startsWith('"') ? etag : undefined;
}

function validatorsOf(headers: Headers): Validators {
  const etag = headers.get('etag');
  const lastModified = headers.get('last-modified');
  return { ...(etag !== null && { etag }), ...(lastModified !== null && { lastModified }) };
}

function announcedLength(headers: Headers): number | undefined {
  // Of a compressed response this is the compressed length.
  if (headers.has('content-encoding')) {
    return undefined;
  }
  const text = headers.get('content-length') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
