import type { RgbColor } from '@samgpu/mask';

import type { Engine } from './engine/engine.ts';
import type { Host, HostOutput } from './host/host.ts';

export interface SessionOptions {
  /** Runs the models. Sessions may share one; it outlives them. */
  readonly engine: Engine;
  /** The editor that takes results. `bindHost` connects its picture, pointer and overlay, too. */
  readonly host?: Host;
  /** Most steps that can be taken back. @defaultValue 200 */
  readonly historyLimit?: number;
  /** Names new objects. @defaultValue `Object 1`, `Object 2`, … */
  readonly nameObject?: (number: number) => string;
}

export interface OpenOptions {
  /** @defaultValue '' */
  readonly name?: string;
  /**
   * Keep prompts, objects and history: the image is the one that they belong to, for example after
   * `Session.restore`. @defaultValue false
   */
  readonly keepDocument?: boolean;
}

export interface CommitOptions {
  /** Of a new object. */
  readonly name?: string;
  readonly color?: RgbColor;
  /** What the host makes of it. @defaultValue the host's own choice */
  readonly as?: HostOutput;
}
