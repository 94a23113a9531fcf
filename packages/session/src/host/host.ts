import type { AlphaMask, Mask, RgbColor } from '@samgpu/mask';
import type { ImageInput } from 'samgpu';

import type { MaskOperation, SessionObject } from '../objects/session-object.ts';
import type { Position, SessionPrompt } from '../prompts/session-prompt.ts';

/** What an editor can do with a result. */
export interface HostCapabilities {
  readonly selection: boolean;
  readonly layerMask: boolean;
  /** Whether results keep soft edges. */
  readonly softAlpha: boolean;
  readonly polygon: boolean;
  readonly cutout: boolean;
  /** `native`: the editor's own undo takes a commit back, in one step. `commands`: `Undo` does. */
  readonly undo: 'native' | 'commands' | 'none';
  readonly hover: boolean;
  /** Whether workers may be started where it runs. */
  readonly worker: boolean;
}

/** The picture that an editor shows. Coordinates of prompts and masks are its pixels. */
export interface HostPicture {
  readonly image: ImageInput;
  readonly width: number;
  readonly height: number;
  readonly name?: string;
}

/** Where a pointer is, as `PointerEvent` has it: CSS pixels from the top left of the viewport. */
export interface HostPointer {
  readonly clientX: number;
  readonly clientY: number;
}

/** What to draw over the picture. */
export interface HostOverlay {
  /** What would be committed. */
  readonly draft: Mask | null;
  /** What a click would take. */
  readonly hover: Mask | null;
  readonly prompts: readonly SessionPrompt[];
  readonly objects: readonly SessionObject[];
}

/** What a session hands over. */
export interface HostResult {
  readonly mask: Mask;
  readonly alpha?: AlphaMask;
  readonly name: string;
  readonly color: RgbColor;
}

export type HostOutput = 'selection' | 'layer-mask' | 'cutout' | 'polygon' | 'object';

export interface HostCommitOptions {
  /** @defaultValue the host's own choice */
  readonly as?: HostOutput;
  /** How the result meets what the editor has. The mask is already the outcome for `object`s. */
  readonly operation: MaskOperation;
  /** For the editor's list of undo steps. */
  readonly label: string;
}

/** Takes a commit back, in one step, and does it again. */
export interface Undo {
  undo(): void | Promise<void>;
  redo(): void | Promise<void>;
}

/** An image editor, as a session sees it. Every adapter must pass `@samgpu/session/testkit`. */
export interface Host {
  readonly capabilities: HostCapabilities;
  /** The pixels of the picture that is to be segmented, without overlay, at their own resolution. */
  readPixels(): HostPicture | Promise<HostPicture>;
  /** Where a pointer is in the picture, in its pixels with fractions; may lie outside of it. */
  toImagePoint(pointer: HostPointer): Position;
  /** Told when the pixels are others than `readPixels` gave. @returns ends the subscription */
  onImageChanged(listener: () => void): () => void;
  /** Told when zoom, rotation or position changed. @returns ends the subscription */
  onViewChanged(listener: () => void): () => void;
  /** Draws over the picture, without changing it; null takes the overlay away. */
  drawOverlay(overlay: HostOverlay | null): void;
  /** Puts a result into the document, as one undo step. */
  commit(result: HostResult, options: HostCommitOptions): Undo | Promise<Undo>;
  /** Removes overlay and listeners. */
  dispose(): void;
}
