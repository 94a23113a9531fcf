import type { Box, Size } from '@samgpu/mask';
import type { CanvasSession, SessionPrompt } from '@samgpu/session';
import { boxFromCorners, type PointLabel } from 'samgpu';

import type { Position } from '../view/view.ts';

/** What a pointer does. `none` leaves it to the page. */
export type Tool = 'point' | 'box' | 'lasso' | 'scribble' | 'pan' | 'none';

export const TOOLS: readonly Tool[] = ['point', 'box', 'lasso', 'scribble', 'pan', 'none'];

/** What is being drawn, in pixels of the picture. */
export interface Drawing {
  readonly kind: 'box' | 'lasso' | 'scribble';
  readonly label: PointLabel;
  readonly path: readonly Position[];
}

/** The session and the choices that gestures are made with. */
export interface ToolContext {
  /** Undefined while nothing can be pointed at. */
  readonly session: CanvasSession | undefined;
  readonly tool: Tool;
  readonly label: PointLabel;
  /** Pixels of the picture per CSS pixel. */
  readonly pixel: number;
}

type BoxPart = 'nw' | 'ne' | 'sw' | 'se' | 'move';

interface Held {
  readonly prompt: SessionPrompt;
  readonly part: string;
  readonly from: Position;
  moved: boolean;
}

/** Turns gestures into prompts. Positions are pixels of the picture, and may lie beside it. */
export class PromptTools {
  readonly #context: () => ToolContext;
  readonly #drawingChanged: (drawing: Drawing | null) => void;
  #drawing: { kind: Drawing['kind']; label: PointLabel; path: Position[] } | null = null;
  #held: Held | null = null;

  constructor(context: () => ToolContext, drawingChanged: (drawing: Drawing | null) => void) {
    this.#context = context;
    this.#drawingChanged = drawingChanged;
  }

  get isDrawing(): boolean {
    return this.#drawing !== null;
  }

  /** The handle that is held, `prompt:part`. */
  get held(): string | null {
    return this.#held === null ? null : `${this.#held.prompt.id}:${this.#held.part}`;
  }

  /** A click: a point, or with the hand the object that is there. */
  tap(at: Position, opposite: boolean): void {
    const { session, tool, label } = this.#context();
    const image = session?.snapshot.image;
    if (!session || !image || !contains(image, at)) return;
    if (tool === 'pan') {
      const { objects, selected } = session.snapshot;
      const hit = objects.findLast(({ visible, mask }) => visible && mask.contains(at.x, at.y));
      if (hit?.id !== selected) session.select(hit?.id ?? null);
      return;
    }
    session.hover(null);
    session.addPoint({ ...at, label: labelled(label, opposite) });
  }

  begin(at: Position, opposite: boolean): void {
    const { session, tool, label } = this.#context();
    if (!session || (tool !== 'box' && tool !== 'lasso' && tool !== 'scribble')) return;
    session.hover(null);
    this.#drawing = { kind: tool, label: labelled(label, opposite), path: [at] };
    this.#show();
  }

  extend(at: Position): void {
    const drawing = this.#drawing;
    if (drawing === null) return;
    const last = drawing.path.at(-1)!;
    if (drawing.kind === 'box') drawing.path = [drawing.path[0]!, at];
    // What is closer than a pixel of the screen cannot be seen.
    else if (Math.hypot(at.x - last.x, at.y - last.y) >= this.#context().pixel)
      drawing.path.push(at);
    else return;
    this.#show();
  }

  end(): void {
    const drawing = this.#drawing;
    this.cancelDrawing();
    const { session, pixel } = this.#context();
    const image = session?.snapshot.image;
    if (drawing === null || !session || !image) return;
    const { kind, label, path } = drawing;
    if (kind === 'box') {
      const box = clippedBox(boxFromCorners(path[0]!, path.at(-1)!), image);
      // One that is thinner than a few pixels of the screen was not meant.
      if (box.width >= 3 * pixel && box.height >= 3 * pixel) session.setBox(box);
    } else if (kind === 'lasso') {
      if (path.length >= 3 && touches(path, image)) session.addLasso(path, label);
    } else if (touches(path, image)) {
      session.addScribble(path, label);
    }
  }

  cancelDrawing(): void {
    if (this.#drawing === null) return;
    this.#drawing = null;
    this.#show();
  }

  /** @param handle - `prompt:part` */
  grab(handle: string, at: Position): void {
    const [id, part] = handle.split(':') as [string, string];
    const prompt = this.#context().session?.snapshot.prompts.find((one) => one.id === id);
    if (prompt === undefined || part === 'remove') return;
    this.#context().session!.hover(null);
    this.#held = { prompt, part, from: at, moved: false };
  }

  drag(at: Position): void {
    const held = this.#held;
    const { session, pixel } = this.#context();
    const image = session?.snapshot.image;
    if (held === null || !session || !image) return;
    const { prompt, part, from } = held;
    const by = { x: at.x - from.x, y: at.y - from.y };
    const to = draggedTo(prompt, part, by, image, 3 * pixel);
    if (to === undefined) return;
    session.movePrompt(prompt.id, to, { goOn: held.moved });
    held.moved = true;
  }

  drop(): void {
    this.#held = null;
  }

  /** Brings what is held back to where it was. */
  putBack(): void {
    const held = this.#held;
    this.#held = null;
    if (held?.moved === true) this.#context().session?.undo();
  }

  /** A click on a handle takes a point, or what its cross stands for, away. */
  tapHandle(handle: string): void {
    const [id, part] = handle.split(':') as [string, string];
    if (part === 'point' || part === 'remove') this.remove(id);
  }

  remove(id: string): void {
    const { session } = this.#context();
    if (session?.snapshot.prompts.some((one) => one.id === id)) session.removePrompt(id);
  }

  #show(): void {
    const drawing = this.#drawing;
    this.#drawingChanged(drawing && { ...drawing, path: [...drawing.path] });
  }
}

function labelled(label: PointLabel, opposite: boolean): PointLabel {
  return (label === 'exclude') === opposite ? 'include' : 'exclude';
}

export function contains({ width, height }: Size, { x, y }: Position): boolean {
  return x >= 0 && y >= 0 && x < width && y < height;
}

function touches(path: readonly Position[], image: Size): boolean {
  return path.some((at) => contains(image, at));
}

function clippedBox({ x, y, width, height }: Box, image: Size): Box {
  const left = Math.min(image.width, Math.max(0, x));
  const top = Math.min(image.height, Math.max(0, y));
  return {
    x: left,
    y: top,
    width: Math.min(image.width, Math.max(0, x + width)) - left,
    height: Math.min(image.height, Math.max(0, y + height)) - top,
  };
}

/** Where a prompt is after its handle was dragged; it stays within the picture. */
function draggedTo(
  prompt: SessionPrompt,
  part: string,
  by: Position,
  image: Size,
  leastSide: number,
): Position | Box | undefined {
  if (prompt.kind === 'point') {
    // A point on the very border would belong to the next pixel, which there is none of.
    const limit = (value: number, side: number): number =>
      Math.min(Math.max(0, value), side - Math.min(0.5, side / 2));
    return { x: limit(prompt.x + by.x, image.width), y: limit(prompt.y + by.y, image.height) };
  }
  if (prompt.kind !== 'box') return undefined;
  const { x, y, width, height } = prompt.box;
  if (part === 'move') {
    return {
      x: Math.min(Math.max(0, x + by.x), image.width - width),
      y: Math.min(Math.max(0, y + by.y), image.height - height),
    };
  }
  const corner = part as Exclude<BoxPart, 'move'>;
  const fixed = {
    x: corner.endsWith('w') ? x + width : x,
    y: corner.startsWith('n') ? y + height : y,
  };
  const moved = {
    x: (corner.endsWith('w') ? x : x + width) + by.x,
    y: (corner.startsWith('n') ? y : y + height) + by.y,
  };
  const box = clippedBox(boxFromCorners(fixed, moved), image);
  return box.width >= leastSide && box.height >= leastSide ? box : undefined;
}
