import type { CanvasSession } from '@samgpu/session';

import { keyAction, type KeyAction } from '../input/keyboard.ts';
import type { PromptLayer } from '../prompts/prompt-layer.ts';
import type { Emit } from '../sam-canvas-events.ts';
import type { Announcer } from '../speech/announcer.ts';
import type { Template } from '../template.ts';
import { contains, type PromptTools, type Tool } from '../tools/prompt-tools.ts';
import type { Position } from '../view/view.ts';
import type { Viewport } from '../view/viewport.ts';
import type { StageSettings } from './settings.ts';

export interface KeyboardParts {
  readonly template: Template;
  readonly settings: StageSettings;
  readonly emit: Emit;
  readonly viewport: Viewport;
  readonly tools: PromptTools;
  readonly prompts: PromptLayer;
  readonly announcer: Announcer;
  /** Undefined while nothing can be pointed at. */
  readonly session: () => CanvasSession | undefined;
  /** @returns whether a pointer was doing anything */
  readonly giveUpPointer: () => boolean;
  /** Told where the cursor points, in CSS pixels of the element. */
  readonly pointed: (at: Position | null) => void;
  readonly settingsChanged: () => void;
  readonly signal: AbortSignal;
}

/** How near to a handle the cursor has to be for keys to mean it, in CSS pixels. */
const REACH = 12;

/** How far from the edge of the element the cursor is kept, in CSS pixels. */
const MARGIN = 24;

/** Does by keys all that pointers do: a cursor in the picture stands for the pointer. */
export class KeyboardControl {
  readonly #parts: KeyboardParts;
  /** In pixels of the picture, so that it stays where it is when the view changes. */
  #cursor: Position | null = null;
  #isShown = false;

  constructor(parts: KeyboardParts) {
    this.#parts = parts;
    const { template, signal } = parts;
    template.frame.addEventListener('keydown', (event) => this.#keyDown(event), { signal });
    template.stage.addEventListener('blur', () => this.hideCursor(), { signal });
  }

  /** A pointer took over. */
  hideCursor(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#parts.template.cursor.hidden = true;
    this.#parts.prompts.mark(null, this.#parts.tools.held);
    this.#parts.pointed(null);
  }

  viewChanged(): void {
    if (this.#isShown) this.#show();
  }

  #keyDown(event: KeyboardEvent): void {
    const { settings, template } = this.#parts;
    if (event.defaultPrevented || event.isComposing || settings.disabled) return;
    if (settings.tool === 'none' || template.error.contains(event.composedPath()[0] as Node))
      return;
    const snapshot = this.#parts.session()?.snapshot;
    const action = keyAction(event, {
      candidates: snapshot?.pending === true ? 0 : (snapshot?.candidates.length ?? 0),
      candidateIndex: snapshot?.candidateIndex ?? 0,
    });
    if (action !== undefined && this.#do(action)) event.preventDefault();
  }

  /** @returns whether there was anything to do */
  #do(action: KeyAction): boolean {
    const { viewport, settings, announcer } = this.#parts;
    const { messages } = settings;
    const session = this.#parts.session();
    switch (action.type) {
      case 'commit':
        if (session?.snapshot.prompts.length) {
          // What goes wrong is in the snapshot.
          session.commit().catch(() => undefined);
          return true;
        }
        return false;
      case 'cancel':
        return this.#cancel(session);
      case 'cycle':
        session?.cycle(action.by);
        return true;
      case 'remove':
        return this.#remove(session);
      case 'undo': {
        const label = session?.snapshot.undoLabel;
        session?.undo();
        if (label) announcer.say('choice', messages.undone(label));
        return session !== undefined;
      }
      case 'redo': {
        const label = session?.snapshot.redoLabel;
        session?.redo();
        if (label) announcer.say('choice', messages.redone(label));
        return session !== undefined;
      }
      case 'zoom':
        viewport.zoomBy(action.factor, this.#place ?? viewport.middle);
        this.#sayZoom();
        return true;
      case 'fit':
        viewport.fit();
        this.#sayZoom();
        return true;
      case 'actual-size':
        viewport.zoomTo(1, this.#place ?? viewport.middle);
        this.#sayZoom();
        return true;
      case 'pan':
        viewport.panBy(action);
        return true;
      case 'move-cursor':
        this.#move(action, session);
        return true;
      case 'press':
        this.#press(action.opposite, session);
        return true;
      case 'toggle-label':
        settings.label = settings.label === 'include' ? 'exclude' : 'include';
        this.#chose(messages.label(settings.label));
        return true;
      default:
        this.#chooseTool(action.tool);
        return true;
    }
  }

  #cancel(session: CanvasSession | undefined): boolean {
    const { tools, prompts, giveUpPointer } = this.#parts;
    if (giveUpPointer()) return true;
    if (tools.isDrawing) {
      tools.cancelDrawing();
      return true;
    }
    if (tools.held !== null) {
      tools.putBack();
      prompts.mark(null, null);
      return true;
    }
    const state = session?.snapshot.state;
    if (state !== 'prompting' && state !== 'committing') return false;
    session!.cancel();
    this.#parts.announcer.say('prompt', this.#parts.settings.messages.cancelled);
    return true;
  }

  #remove(session: CanvasSession | undefined): boolean {
    const { tools, prompts } = this.#parts;
    const last = session?.snapshot.prompts.at(-1);
    if (last === undefined || tools.held !== null || tools.isDrawing) return false;
    const near = this.#place && prompts.handleAt(this.#place, REACH);
    tools.remove(near ? near.split(':')[0]! : last.id);
    return true;
  }

  #move({ x, y }: Position, session: CanvasSession | undefined): void {
    const { viewport, tools, announcer, settings } = this.#parts;
    const image = session?.snapshot.image;
    const from = this.#isShown && this.#cursor ? viewport.toElement(this.#cursor) : undefined;
    // The first press shows where it is.
    // A step leads to another pixel, however large those are.
    const { scale } = viewport.view;
    const at =
      from === undefined
        ? viewport.middle
        : { x: from.x + atLeast(x, scale), y: from.y + atLeast(y, scale) };
    const moved = viewport.toImage(at);
    this.#cursor = image
      ? { x: within(moved.x, image.width), y: within(moved.y, image.height) }
      : moved;
    this.#isShown = true;
    viewport.reveal(this.#cursor, MARGIN);
    if (tools.held !== null) tools.drag(this.#cursor);
    else if (tools.isDrawing) tools.extend(this.#cursor);
    this.#show();
    const { x: column, y: row } = this.#cursor;
    announcer.say('cursor', settings.messages.cursor(Math.floor(column), Math.floor(row)));
  }

  #press(opposite: boolean, session: CanvasSession | undefined): void {
    const { tools, prompts, settings, announcer } = this.#parts;
    if (!this.#isShown || this.#cursor === null) {
      this.#move({ x: 0, y: 0 }, session);
      return;
    }
    if (session === undefined) return;
    if (tools.held !== null) {
      tools.drop();
    } else if (tools.isDrawing) {
      tools.end();
    } else {
      const near = prompts.handleAt(this.#place!, REACH);
      if (near?.endsWith(':remove') === true) tools.tapHandle(near);
      else if (near !== null) tools.grab(near, this.#cursor);
      else if (settings.tool === 'point' || settings.tool === 'pan')
        tools.tap(this.#cursor, opposite);
      else {
        tools.begin(this.#cursor, opposite);
        announcer.say('prompt', settings.messages.drawing);
      }
    }
    this.#show();
  }

  #chooseTool(tool: Tool): void {
    const { settings, tools } = this.#parts;
    tools.cancelDrawing();
    settings.tool = tool;
    this.#chose(settings.messages.tool(tool));
  }

  #chose(text: string): void {
    const { settings, emit, announcer, settingsChanged } = this.#parts;
    settingsChanged();
    announcer.say('choice', text);
    emit('sam-tool', { tool: settings.tool, label: settings.label });
  }

  #sayZoom(): void {
    const { viewport, settings, announcer } = this.#parts;
    announcer.say('view', settings.messages.zoom(Math.round(viewport.view.scale * 100)));
  }

  /** Of the cursor, in CSS pixels of the element. */
  get #place(): Position | null {
    return this.#isShown && this.#cursor ? this.#parts.viewport.toElement(this.#cursor) : null;
  }

  #show(): void {
    const place = this.#place;
    if (place === null) return;
    const { template, prompts, tools, pointed, session } = this.#parts;
    template.cursor.hidden = false;
    template.cursor.style.translate = `${place.x}px ${place.y}px`;
    const near = tools.held === null ? prompts.handleAt(place, REACH) : null;
    prompts.mark(near, tools.held);
    const isFree = near === null && tools.held === null && !tools.isDrawing;
    const image = session()?.snapshot.image;
    pointed(isFree && image && contains(image, this.#cursor!) ? place : null);
  }
}

function atLeast(step: number, least: number): number {
  return step === 0 ? 0 : Math.sign(step) * Math.max(Math.abs(step), least);
}

/** The middle of a pixel of a picture. */
function within(value: number, side: number): number {
  return Math.min(Math.max(0, Math.floor(value)), side - 1) + 0.5;
}
