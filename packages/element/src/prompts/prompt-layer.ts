import type { SessionPrompt } from '@samgpu/session';
import type { PointLabel } from 'samgpu';

import type { Messages } from '../speech/messages.ts';
import type { Drawing } from '../tools/prompt-tools.ts';
import { type Position, toElement, type View, viewMatrix } from '../view/view.ts';
import { handlesOf } from './prompt-handles.ts';
import { boxPath, lineOf, pathData } from './prompt-lines.ts';

const SVG = 'http://www.w3.org/2000/svg';

interface Handle {
  readonly element: HTMLButtonElement;
  readonly at: Position;
}

interface Line {
  readonly prompt: SessionPrompt;
  readonly group: SVGGElement;
}

/** Shows prompts: handles as buttons, so that they can be reached by any means, and lines as SVG. */
export class PromptLayer {
  readonly #plane: SVGGElement;
  readonly #container: HTMLElement;
  readonly #drawing: SVGGElement;
  readonly #lines = new Map<string, Line>();
  readonly #handles = new Map<string, Handle>();
  #view: View = { scale: 1, x: 0, y: 0 };

  constructor(svg: SVGSVGElement, container: HTMLElement) {
    this.#container = container;
    this.#plane = makeGroup(svg.ownerDocument);
    this.#drawing = makeGroup(svg.ownerDocument);
    this.#plane.append(this.#drawing);
    svg.append(this.#plane);
  }

  place(view: View): void {
    this.#view = view;
    this.#plane.setAttribute('transform', `matrix(${viewMatrix(view).join(' ')})`);
    for (const handle of this.#handles.values()) this.#placeHandle(handle);
  }

  showPrompts(prompts: readonly SessionPrompt[], messages: Messages): void {
    const kept = new Set<string>();
    for (const prompt of prompts) {
      this.#showLine(prompt);
      for (const { part, at, label, title } of handlesOf(prompt, messages)) {
        const key = `${prompt.id}:${part}`;
        kept.add(key);
        this.#showHandle(key, part, at, label, title);
      }
    }
    for (const [key, { element }] of this.#handles) {
      if (kept.has(key)) continue;
      element.remove();
      this.#handles.delete(key);
    }
    for (const [id, { group }] of this.#lines) {
      if (prompts.some((prompt) => prompt.id === id)) continue;
      group.remove();
      this.#lines.delete(id);
    }
  }

  /** Shows what is being drawn, on top of all. */
  showDrawing(drawing: Drawing | null): void {
    this.#drawing.replaceChildren();
    if (drawing === null) return;
    const { kind, label, path } = drawing;
    const [from, to] = [path[0]!, path.at(-1)!];
    fillGroup(this.#drawing, kind, label, kind === 'box' ? boxPath(from, to) : pathData(path));
    if (kind !== 'lasso' || path.length < 3) return;
    this.#drawing.append(makePath(this.#drawing, 'over closing', pathData([to, from])));
  }

  /** Marks a handle as the one that keys work on, or as held. */
  mark(near: string | null, held: string | null): void {
    for (const [key, { element }] of this.#handles) {
      element.toggleAttribute('data-near', key === near);
      element.toggleAttribute('data-held', key === held);
    }
  }

  /** The nearest handle that a place in the element lies on, `prompt:part`. */
  handleAt(place: Position, reach: number): string | null {
    let [nearest, least]: [string | null, number] = [null, reach];
    for (const [key, { at }] of this.#handles) {
      const seen = toElement(this.#view, at);
      const distance = Math.hypot(seen.x - place.x, seen.y - place.y);
      if (distance <= least) [nearest, least] = [key, distance];
    }
    return nearest;
  }

  #showLine(prompt: SessionPrompt): void {
    const known = this.#lines.get(prompt.id);
    if (known?.prompt === prompt) return;
    known?.group.remove();
    const d = lineOf(prompt);
    if (d === undefined) return;
    const group = makeGroup(this.#plane.ownerDocument);
    fillGroup(group, prompt.kind, 'label' in prompt ? prompt.label : 'include', d);
    if (prompt.kind === 'box') {
      const grip = makePath(group, 'grip', d);
      grip.dataset['handle'] = `${prompt.id}:move`;
      group.append(grip);
    }
    this.#plane.insertBefore(group, this.#drawing);
    this.#lines.set(prompt.id, { prompt, group });
  }

  #showHandle(key: string, part: string, at: Position, label: PointLabel, title: string): void {
    const element = this.#handles.get(key)?.element ?? this.#makeHandle(key, part);
    element.dataset['label'] = label;
    element.setAttribute('part', `handle handle-${part === 'point' ? label : part}`);
    element.setAttribute('aria-label', title);
    element.title = title;
    const handle = { element, at };
    this.#handles.set(key, handle);
    this.#placeHandle(handle);
  }

  #makeHandle(key: string, part: string): HTMLButtonElement {
    const document = this.#container.ownerDocument;
    const element = document.createElement('button');
    element.type = 'button';
    // Keys reach it by the cursor; as a stop of Tab each would stand in the way of the next element.
    element.tabIndex = -1;
    element.className = part.length === 2 ? 'handle corner' : 'handle';
    element.dataset['handle'] = key;
    element.dataset['part'] = part;
    element.append(document.createElement('i'));
    this.#container.append(element);
    return element;
  }

  #placeHandle({ element, at }: Handle): void {
    const { x, y } = toElement(this.#view, at);
    element.style.translate = `${x}px ${y}px`;
  }
}

function makeGroup(document: Document): SVGGElement {
  return document.createElementNS(SVG, 'g');
}

function fillGroup(group: SVGGElement, kind: string, label: PointLabel, d: string): void {
  group.dataset['kind'] = kind;
  group.dataset['label'] = label;
  group.setAttribute('part', `line line-${kind} line-${label}`);
  group.append(makePath(group, 'under', d), makePath(group, 'over', d));
}

function makePath(owner: SVGElement, name: string, d: string): SVGPathElement {
  const path = owner.ownerDocument.createElementNS(SVG, 'path');
  path.setAttribute('class', name);
  path.setAttribute('d', d);
  return path;
}
