import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { FrameLog } from './frame-log.ts';

const VERSION = 2;

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
  /** The one with what it remembered where the way back begins. */
  readonly turn: string | null;
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
  #turn: string | null;
  #turnMemory: Uint8Array | undefined;
  #count = 0;

  private constructor(
    folder: string,
    request: string,
    log: FrameLog,
    stored?: { readonly state: Stored; readonly memory?: Uint8Array; readonly turn?: Uint8Array },
  ) {
    this.#folder = folder;
    this.#request = request;
    this.log = log;
    this.#memory = stored?.state.memory ?? null;
    this.#turn = stored?.state.turn ?? null;
    this.#turnMemory = stored?.turn;
    this.resumed = stored && {
      course: stored.state.course,
      next: stored.state.next,
      memory: stored.memory,
    };
  }

  /**
   * @param request - what was asked for: the state of another request is thrown away
   * @param restart - throw it away in any case
   */
  static async open(folder: string, request: string, restart: boolean): Promise<TrackState> {
    const stored = restart ? undefined : await readState(folder, request);
    if (stored !== undefined) {
      try {
        const read = (name: string | null): Promise<Uint8Array> | undefined =>
          name === null ? undefined : readFile(join(folder, name));
        const [memory, turn] = [await read(stored.memory), await read(stored.turn)];
        const log = await FrameLog.open(join(folder, LOG), stored.logged);
        return new TrackState(folder, request, log, {
          state: stored,
          ...(memory && { memory }),
          ...(turn && { turn }),
        });
      } catch {
        // Somebody has been at the files: nothing to go on from.
      }
    }
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const log = await FrameLog.open(join(folder, LOG), 0);
    return new TrackState(folder, request, log);
  }

  /** What the model remembered where the way back begins, once that is kept. */
  get turn(): Uint8Array | undefined {
    return this.#turnMemory;
  }

  /** Keeps it, with the next save. @param memory - as `track.save()` gave it */
  async keepTurn(memory: Uint8Array): Promise<void> {
    this.#turn = await this.#write('turn', memory);
    this.#turnMemory = memory;
  }

  /** @param memory - as `track.save()` gave it; undefined before a course has begun */
  async save(position: Position, memory: Uint8Array | undefined): Promise<void> {
    await this.log.flush();
    const before = this.#memory;
    const name = memory === undefined ? null : await this.#write('memory', memory);
    const stored: Stored = {
      version: VERSION,
      request: this.#request,
      ...position,
      logged: this.log.size,
      memory: name,
      turn: this.#turn,
    };
    const temporary = join(this.#folder, `${STATE}.new`);
    await writeFile(temporary, JSON.stringify(stored), { flush: true });
    await rename(temporary, join(this.#folder, STATE));
    this.#memory = name;
    if (before !== null) await rm(join(this.#folder, before), { force: true });
  }

  /** @returns the name of a new file */
  async #write(what: string, memory: Uint8Array): Promise<string> {
    this.#count += 1;
    const name = `${what}-${process.pid}-${this.#count}.safetensors`;
    await writeFile(join(this.#folder, name), memory, { flush: true });
    return name;
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
