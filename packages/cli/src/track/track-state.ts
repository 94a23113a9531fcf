import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { FrameLog } from './frame-log.ts';

const VERSION = 1;

/** How far a run has come. */
export interface Position {
  /** Which of the courses of the run is at work. */
  readonly course: number;
  /** The frame that comes next in it. */
  readonly next: number;
}

interface Stored extends Position {
  readonly version: number;
  /** What was asked for. */
  readonly request: string;
  /** Bytes of the log up to here. */
  readonly logged: number;
  /** The file with what the model remembers, in the same folder. */
  readonly memory: string | null;
}

const STATE = 'state.json';
const LOG = 'frames.jsonl';

/**
 * What an interrupted run leaves beside its output, so that the same command goes on.
 *
 * The state names the file with the memory and how much of the log belongs to it, and replaces the one
 * before it at once: whenever the process ends, what is found is whole.
 */
export class TrackState {
  readonly #folder: string;
  readonly #request: string;
  readonly log: FrameLog;
  /** Where an earlier run has ended; undefined where there is none. */
  readonly resumed: (Position & { readonly memory: Uint8Array | undefined }) | undefined;
  #memory: string | null;
  #count = 0;

  private constructor(
    folder: string,
    request: string,
    log: FrameLog,
    stored: Stored | undefined,
    memory: Uint8Array | undefined,
  ) {
    this.#folder = folder;
    this.#request = request;
    this.log = log;
    this.#memory = stored?.memory ?? null;
    this.resumed = stored && { course: stored.course, next: stored.next, memory };
  }

  /**
   * @param request - what was asked for: the state of another request is thrown away
   * @param restart - throw it away in any case
   */
  static async open(folder: string, request: string, restart: boolean): Promise<TrackState> {
    const stored = restart ? undefined : await readState(folder, request);
    if (stored !== undefined) {
      try {
        const memory =
          stored.memory === null ? undefined : await readFile(join(folder, stored.memory));
        const log = await FrameLog.open(join(folder, LOG), stored.logged);
        return new TrackState(folder, request, log, stored, memory);
      } catch {
        // Somebody has been at the files: nothing to go on from.
      }
    }
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const log = await FrameLog.open(join(folder, LOG), 0);
    return new TrackState(folder, request, log, undefined, undefined);
  }

  /** @param memory - as `track.save()` gave it; undefined before a course has begun */
  async save(position: Position, memory: Uint8Array | undefined): Promise<void> {
    await this.log.flush();
    const before = this.#memory;
    let name: string | null = null;
    if (memory !== undefined) {
      this.#count += 1;
      name = `memory-${process.pid}-${this.#count}.safetensors`;
      await writeFile(join(this.#folder, name), memory, { flush: true });
    }
    const stored: Stored = {
      version: VERSION,
      request: this.#request,
      ...position,
      logged: this.log.size,
      memory: name,
    };
    const temporary = join(this.#folder, `${STATE}.new`);
    await writeFile(temporary, JSON.stringify(stored), { flush: true });
    await rename(temporary, join(this.#folder, STATE));
    this.#memory = name;
    if (before !== null) await rm(join(this.#folder, before), { force: true });
  }

  /** Leaves everything to a later run. */
  async close(): Promise<void> {
    await this.log.close();
  }

  /** Everything is done. */
  async remove(): Promise<void> {
    await this.log.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function readState(folder: string, request: string): Promise<Stored | undefined> {
  try {
    const stored = JSON.parse(await readFile(join(folder, STATE), 'utf8')) as Stored;
    return stored.version === VERSION && stored.request === request ? stored : undefined;
  } catch {
    return undefined;
  }
}
