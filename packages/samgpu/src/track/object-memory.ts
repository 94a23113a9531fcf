/** What is remembered of one object, and which of it a frame looks at. */
import type { MemorySizes, PromptToken } from '@samgpu/variant';

import { closestFrames } from './closest-frames.ts';
import { disposeOutput, type FrameOutput, leaveDevice, outputBytes } from './frame-output.ts';

/** Outputs by frame. */
export type Outputs = Map<number, FrameOutput>;

/** Whether an output counts as given wherever it is, or only while it is near. */
export type Role = 'conditioning' | 'passing';

/** A memory of a frame and when that was, as the model counts: see `MemoryTensors.ages`. */
export interface Recollection {
  readonly output: FrameOutput;
  readonly age: number;
}

/** A pointer and how many frames ago it was taken, in the direction of tracking. */
export interface DatedPointer {
  readonly pointer: Float32Array;
  readonly distance: number;
}

/** From where a frame looks at the others. */
export interface Outlook {
  readonly frame: number;
  readonly reverse: boolean;
  /** Frames of the video, if known. */
  readonly count: number | undefined;
  /** Most conditioning frames that are looked at. */
  readonly mostConditioning: number;
}

export class ObjectMemory {
  readonly id: number;
  /** Points and corners that were given, in the model's square. */
  readonly points: Map<number, readonly PromptToken[]> = new Map();
  /** Settled outputs, which other frames may look at. */
  readonly settled: Readonly<Record<Role, Outputs>> = {
    conditioning: new Map(),
    passing: new Map(),
  };
  /** Outputs of prompts that tracking has not gone on from yet. */
  readonly pending: Readonly<Record<Role, Outputs>> = {
    conditioning: new Map(),
    passing: new Map(),
  };
  /** Frames that were tracked, and in which direction. */
  readonly tracked: Map<number, { readonly reverse: boolean }> = new Map();

  constructor(id: number) {
    this.id = id;
  }

  /** What a frame shows, a pending prompt of that role first. */
  shown(frame: number, role: Role): FrameOutput | undefined {
    return (
      this.pending[role].get(frame) ??
      this.settled.conditioning.get(frame) ??
      this.settled.passing.get(frame)
    );
  }

  /** Memories: of conditioning frames, also later ones, then of the frames just before. */
  recollections(outlook: Outlook, { frames }: MemorySizes): Recollection[] {
    const { chosen, others } = this.#conditioning(outlook);
    const result = chosen.map(([, output]): Recollection => ({ output, age: frames - 1 }));
    for (let back = frames - 1; back >= 1; back--) {
      const frame = outlook.frame + (outlook.reverse ? back : -back);
      // A conditioning frame that was not chosen counts as any other.
      const output = this.settled.passing.get(frame) ?? others.get(frame);
      if (output !== undefined) {
        result.push({ output, age: back - 1 });
      }
    }
    return result;
  }

  /** Pointers: of conditioning frames that are not ahead, then of the frames just before. */
  pointers(outlook: Outlook, { pointers }: MemorySizes): DatedPointer[] {
    const { frame, reverse, count = Infinity } = outlook;
    const { chosen, others } = this.#conditioning(outlook);
    const result = chosen.flatMap(([other, { pointer }]): DatedPointer[] => {
      const distance = reverse ? other - frame : frame - other;
      return distance < 0 ? [] : [{ pointer, distance }];
    });
    for (let distance = 1; distance < mostPointers(count, pointers); distance++) {
      const other = frame + (reverse ? distance : -distance);
      if (other < 0 || other >= count) {
        break;
      }
      const output = this.settled.passing.get(other) ?? others.get(other);
      if (output !== undefined) {
        result.push({ pointer: output.pointer, distance });
      }
    }
    return result;
  }

  /** Forgets what was tracked further than `distance` away from a frame. Conditioning frames stay. */
  forget(frame: number, distance: number): void {
    for (const [other, output] of this.settled.passing) {
      if (Math.abs(other - frame) > distance) {
        disposeOutput(output);
        this.settled.passing.delete(other);
      }
    }
    for (const other of this.tracked.keys()) {
      if (Math.abs(other - frame) > distance && !this.settled.conditioning.has(other)) {
        this.tracked.delete(other);
      }
    }
  }

  /** All outputs that are held. */
  *outputs(): Generator<FrameOutput> {
    for (const kept of [this.settled, this.pending]) {
      yield* kept.conditioning.values();
      yield* kept.passing.values();
    }
  }

  /** Goes on without a device that was lost. */
  leaveDevice(): void {
    for (const output of this.outputs()) {
      leaveDevice(output);
    }
  }

  get bytes(): number {
    return [...this.outputs()].reduce((sum, output) => sum + outputBytes(output), 0);
  }

  dispose(): void {
    for (const output of this.outputs()) {
      disposeOutput(output);
    }
  }

  #conditioning({ frame, mostConditioning }: Outlook): {
    readonly chosen: readonly (readonly [number, FrameOutput])[];
    readonly others: ReadonlyMap<number, FrameOutput>;
  } {
    const all = this.settled.conditioning;
    const frames = closestFrames(frame, [...all.keys()], mostConditioning);
    const others = new Map(all);
    frames.forEach((other) => others.delete(other));
    return { chosen: frames.map((other) => [other, all.get(other)!]), others };
  }
}

/** Short videos have fewer: distances are counted in shares of this, less one. */
export function mostPointers(count: number | undefined, pointers: number): number {
  return Math.min(count ?? Infinity, pointers);
}
