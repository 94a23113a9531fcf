import { storage } from '#storage';

import type { ByteSource } from '../byte-source.ts';
import type { FileRecord } from '../cache/file-record.ts';
import type { FileWriter } from '../cache/model-cache.ts';
import { publicPart } from '../fetch-source.ts';
import { WeightsError } from '../weights-error.ts';
import { type Answer, canResume, type PartToResume, request } from './answer.ts';
import { connected, ConnectionError, readBody } from './body.ts';
import { ContentHashes, findMismatch } from './content-hashes.ts';
import { describeContent, findContentProblem } from './model-content.ts';
import type { Digests, LocatedFile } from './model-file.ts';
import type { OnModelProgress } from './model-progress.ts';
import { type Failure, Retries, type RetryOptions } from './retry.ts';

export interface DownloadOptions {
  readonly onProgress?: OnModelProgress | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly retry?: RetryOptions | undefined;
}

type AnswerWithBody = Extract<Answer, { response: Response }>;

/** How often a file may turn out to be another one than its part before that is an error. */
const restartLimit = 3;
/** An attempt that brings so much is no failure: a bad connection may break again and again. */
const worthwhileBytes = 2 ** 18;

/**
 * Loads what is missing of a file, checks it and commits it.
 *
 * On an error of the connection the part is kept for the next call. Content that is not what it should be is removed.
 */
export class Download {
  readonly #file: LocatedFile;
  readonly #writer: FileWriter;
  readonly #options: DownloadOptions;
  readonly #retries: Retries;
  #hashes: ContentHashes;
  #total: number | undefined;
  /** Bytes that an earlier call left. */
  #resumed = 0;
  #restarts = 0;
  /** Whether the bytes came in several pieces, which may not belong together. */
  #isPatched = false;
  /** Whether any request of this call got an answer. */
  #isAnswered = false;
  /** Whether the next request asks for the whole file although there is a part. */
  #ignoresPart = false;

  constructor(file: LocatedFile, writer: FileWriter, options: DownloadOptions) {
    this.#file = file;
    this.#writer = writer;
    this.#options = options;
    this.#total = file.bytes;
    this.#hashes = this.#newHashes();
    this.#retries = new Retries(options.retry);
  }

  async run(): Promise<ByteSource> {
    await this.#takeUpPart();
    for (;;) {
      // Without a pinned hash nothing says that a part which seems whole is the current file.
      const part = this.#part();
      if (!this.#file.isPinned || part === undefined || part.size !== this.#total) {
        await this.#load();
      }
      const source = await this.#finish();
      if (source !== undefined) {
        return source;
      }
    }
  }

  async #takeUpPart(): Promise<void> {
    const part = this.#part();
    if (part === undefined) {
      return;
    }
    const total = this.#file.bytes ?? part.record.total;
    const isOther =
      part.size > (total ?? Infinity) ||
      (part.record.total !== undefined && part.record.total !== total);
    if (isOther || !canResume(this.#file, part)) {
      return this.#writer.discard();
    }
    this.#total = total;
    this.#hashes = this.#newHashes();
    this.#isPatched = true;
    this.#resumed = part.size;
    this.#report('checking');
    await this.#hashes.catchUp(this.#writer, this.#options.signal);
  }

  /** Tries until the whole file has arrived. */
  async #load(): Promise<void> {
    for (;;) {
      const before = this.#writer.size;
      let failure: Failure | undefined;
      try {
        failure = await this.#attempt();
      } catch (cause) {
        if (!(cause instanceof ConnectionError)) {
          throw cause;
        }
        const reason = `${publicPart(this.#file.url)}: ${cause.message}`;
        failure = { reason, cause, isUnanswered: !this.#isAnswered };
      }
      if (failure === undefined) {
        return;
      }
      if (this.#writer.size - before >= worthwhileBytes) {
        this.#retries.reset();
      }
      const { reason } = failure;
      const onPause = (): void => this.#report('retrying', reason);
      await this.#retries.pauseAfter(failure, this.#writer.size, this.#options.signal, onPause);
    }
  }

  /** @returns what the server is short of; undefined once the whole file is there */
  async #attempt(): Promise<Failure | undefined> {
    const known = this.#ignoresPart ? undefined : this.#part();
    const part = known !== undefined && canResume(this.#file, known) ? known : undefined;
    this.#ignoresPart = false;
    const answer = await this.#request(part);
    if (answer.kind === 'busy') {
      return answer;
    }
    if (answer.kind === 'unfit') {
      this.#countRestart(answer.reason);
      this.#ignoresPart = true;
      return this.#attempt();
    }
    try {
      this.#checkTotal(answer);
      if (answer.kind === 'whole') {
        if (part !== undefined) {
          this.#countRestart('the server sent the whole file in place of the rest');
        }
        await this.#restart(answer);
      }
      await this.#receive(answer);
    } finally {
      // Of no effect where the body was read.
      await answer.response.body?.cancel().catch(() => undefined);
    }
    return undefined;
  }

  async #request(part: PartToResume | undefined): Promise<Answer> {
    const { signal, fetch = globalThis.fetch } = this.#options;
    const controller = new AbortController();
    const merged = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
    try {
      const asked = request(this.#file, part, fetch, merged);
      const answer = await connected(asked, this.#retries.stallTimeout, signal);
      this.#isAnswered = true;
      return answer;
    } catch (cause) {
      controller.abort(cause);
      // Another site may refuse ranges by not allowing the header, which looks like a broken connection.
      this.#ignoresPart = part !== undefined && storage.isForeign(this.#file.url);
      throw cause;
    }
  }

  async #receive({ response, total }: AnswerWithBody): Promise<void> {
    this.#total = this.#file.bytes ?? total;
    this.#isPatched ||= this.#writer.size > 0;
    this.#report('downloading');
    const { stallTimeout } = this.#retries;
    for await (const bytes of readBody(response, stallTimeout, this.#options.signal)) {
      await this.#take(bytes);
    }
    const { size } = this.#writer;
    if (total !== undefined && size < total) {
      throw new ConnectionError(`the connection ended after ${size} of ${total} bytes`);
    }
  }

  async #take(bytes: Uint8Array): Promise<void> {
    const size = this.#writer.size + bytes.byteLength;
    if (size > (this.#total ?? Infinity)) {
      await this.#writer.discard();
      throw new WeightsError(
        'wrong-length',
        `${publicPart(this.#file.url)} sent ${size} bytes or more, expected ${this.#total}. ` +
          'Check the address',
      );
    }
    await this.#writer.append(bytes);
    this.#hashes.update(bytes);
    this.#report('downloading');
  }

  #checkTotal({ total, response }: AnswerWithBody): void {
    const { bytes, url } = this.#file;
    if (total !== undefined && bytes !== undefined && total !== bytes) {
      const type = response.headers.get('content-type') ?? 'an unknown type';
      throw new WeightsError(
        'wrong-length',
        `${publicPart(url)} announces ${total} bytes of ${type}, expected ${bytes}: ` +
          'it is another file, or an error page. Check the address',
      );
    }
  }

  async #restart({ total, validators }: Extract<Answer, { kind: 'whole' }>): Promise<void> {
    const { url, name, address } = this.#file;
    const record: FileRecord = {
      name,
      url: shownUrl(url),
      address,
      ...(total !== undefined && { total }),
      ...validators,
      stored: new Date().toISOString(),
    };
    this.#total = this.#file.bytes ?? total;
    await this.#writer.restart(record);
    this.#hashes = this.#newHashes();
    this.#resumed = 0;
    this.#isPatched = false;
  }

  /** @returns undefined if the file must be loaded once more */
  async #finish(): Promise<ByteSource | undefined> {
    const { size, record } = this.#writer;
    const digests = await this.#hashes.digest(this.#writer, this.#options.signal);
    const problem = await this.#findProblem(digests);
    if (problem !== undefined) {
      await this.#writer.discard();
      if (!this.#isPatched) {
        throw problem;
      }
      this.#countRestart('its pieces did not belong together');
      return undefined;
    }
    const { sha256 } = digests;
    const source = await this.#writer.commit({
      ...record!,
      total: size,
      ...(!this.#file.isPinned && sha256 !== undefined && { sha256 }),
      stored: new Date().toISOString(),
    });
    this.#options.onProgress?.({
      phase: 'done',
      loaded: size,
      total: size,
      resumed: this.#resumed,
    });
    return source;
  }

  async #findProblem(digests: Digests): Promise<WeightsError | undefined> {
    const { pins, bytes, isPinned, url } = this.#file;
    const { size } = this.#writer;
    const place = publicPart(url);
    if (bytes !== undefined && size !== bytes) {
      return new WeightsError(
        'wrong-length',
        `${place} sent ${size} bytes, expected ${bytes}. ${await this.#advice()}`,
      );
    }
    const mismatch = findMismatch(pins, digests);
    if (mismatch !== undefined) {
      return new WeightsError(
        'checksum-mismatch',
        `the ${mismatch.name} of the ${size} bytes from ${place} is ${mismatch.got}, ` +
          `expected ${mismatch.wanted}. ${await this.#advice()}`,
      );
    }
    return isPinned ? undefined : findContentProblem(this.#writer, place);
  }

  /** For an error message: what the content is where it does not look like weights. */
  async #advice(): Promise<string> {
    const found = await describeContent(this.#writer);
    return found === undefined ? 'Check the address' : `Check the address: ${found}`;
  }

  #countRestart(reason: string): void {
    this.#restarts++;
    if (this.#restarts > restartLimit) {
      throw new WeightsError(
        'fetch-failed',
        `${publicPart(this.#file.url)} was started over ${restartLimit} times, and again ${reason}. ` +
          'Try again when the file does not change any more, or from a server that resumes downloads',
      );
    }
  }

  #part(): PartToResume | undefined {
    const { size, record } = this.#writer;
    return size > 0 && record !== undefined ? { size, record } : undefined;
  }

  #newHashes(): ContentHashes {
    const names = Object.keys(this.#file.pins) as (keyof Digests)[];
    return new ContentHashes(names.length > 0 ? names : ['sha256'], this.#total);
  }

  #report(phase: 'checking' | 'downloading' | 'retrying', reason?: string): void {
    this.#options.onProgress?.({
      phase,
      loaded: this.#writer.size,
      total: this.#total,
      resumed: this.#resumed,
      ...(reason !== undefined && { reason }),
    });
  }
}

/** Without user name, password and query, which may hold secrets. */
function shownUrl(url: URL): string {
  return url.protocol === 'data:' ? 'data:' : `${url.protocol}//${url.host}${url.pathname}`;
}
