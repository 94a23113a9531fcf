import type { PointLabel } from 'samgpu';

import type { Position } from '../prompts/session-prompt.ts';
import type { Session } from '../session.ts';
import type { Host, HostPointer } from './host.ts';

/** What dragging draws. */
export type DragTool = 'box' | 'lasso' | 'scribble';

/** A pointer as an editor reports it. */
export interface BoundPointer extends HostPointer {
  /** @defaultValue 'include' */
  readonly label?: PointLabel;
}

export interface HostBinding {
  /** Reads the editor's picture and opens it. */
  open(): Promise<void>;
  /** What a drag draws from now on. */
  setTool(tool: DragTool): void;
  down(pointer: BoundPointer): void;
  move(pointer: BoundPointer): void;
  up(pointer: BoundPointer): void;
  /** The pointer left: no preview, and a drag is forgotten. */
  leave(): void;
  /** Takes the overlay away and listens no longer. Session and host are their owner's. */
  dispose(): void;
}

/** How far a pointer may move and still click, in CSS pixels. */
const CLICK = 4;

interface Drag {
  readonly start: HostPointer;
  readonly label: PointLabel;
  readonly path: Position[];
  isDrag: boolean;
}

/**
 * Connects an editor to a session: its picture is opened, and again when it changes; clicks and drags
 * become prompts; what the session shows is drawn. Give the host to the session, too, for `commit` and undo.
 */
export function bindHost(session: Session, host: Host): HostBinding {
  let tool: DragTool = 'box';
  let drag: Drag | null = null;
  const draw = (): void => {
    const { draft, hover, prompts, objects } = session.snapshot;
    host.drawOverlay({ draft: draft?.mask ?? null, hover: hover?.mask ?? null, prompts, objects });
  };
  const open = async (): Promise<void> => {
    const { image, name } = await host.readPixels();
    await session.open(image, { ...(name !== undefined && { name }) });
  };
  const stops = [
    session.subscribe(draw),
    host.onViewChanged(draw),
    // What fails is in the session's snapshot.
    host.onImageChanged(() => void open().catch(() => undefined)),
  ];

  const finish = ({ path, label }: Drag): void => {
    if (tool === 'scribble') session.addScribble(path, label);
    else if (tool === 'lasso' && path.length >= 3) session.addLasso(path, label);
    else session.setBox(boxOf(path));
  };

  return {
    open,
    setTool: (next) => {
      tool = next;
    },
    down: (pointer) => {
      const path = [host.toImagePoint(pointer)];
      drag = { start: pointer, label: pointer.label ?? 'include', path, isDrag: false };
      session.hover(null);
    },
    move: (pointer) => {
      const point = host.toImagePoint(pointer);
      if (drag === null) {
        if (host.capabilities.hover) session.hover({ ...point, label: pointer.label ?? 'include' });
        return;
      }
      const { clientX, clientY } = drag.start;
      drag.isDrag ||= Math.hypot(pointer.clientX - clientX, pointer.clientY - clientY) > CLICK;
      drag.path.push(point);
    },
    up: (pointer) => {
      const done = drag;
      drag = null;
      if (done === null || session.snapshot.image === null) return;
      const { width, height } = session.snapshot.image;
      if (done.isDrag) {
        done.path.push(host.toImagePoint(pointer));
        finish(done);
        return;
      }
      const [{ x, y }] = done.path as [Position];
      if (x >= 0 && y >= 0 && x < width && y < height)
        session.addPoint({ x, y, label: done.label });
    },
    leave: () => {
      drag = null;
      session.hover(null);
    },
    dispose: () => {
      stops.forEach((stop) => stop());
      host.drawOverlay(null);
    },
  };
}

function boxOf(path: readonly Position[]): { x: number; y: number; width: number; height: number } {
  const [from, to] = [path[0]!, path.at(-1)!];
  return {
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    width: Math.max(1, Math.abs(to.x - from.x)),
    height: Math.max(1, Math.abs(to.y - from.y)),
  };
}
