import { STYLE_SHEET } from './style-sheet.ts';

/** What an element is made of. */
export interface Template {
  readonly frame: HTMLElement;
  readonly image: HTMLCanvasElement;
  readonly overlay: HTMLElement;
  /** Takes the focus and the pointers. */
  readonly stage: HTMLElement;
  readonly drawings: SVGSVGElement;
  readonly handles: HTMLElement;
  readonly cursor: HTMLElement;
  readonly status: HTMLElement;
  readonly statusText: HTMLElement;
  readonly progress: HTMLProgressElement;
  readonly error: HTMLElement;
  readonly errorText: HTMLElement;
  readonly retry: HTMLButtonElement;
  readonly instructions: HTMLElement;
  readonly live: HTMLElement;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Builds it in a shadow root. No markup is parsed, so that pages with strict policies may have it. */
export function buildTemplate(root: ShadowRoot): Template {
  const { ownerDocument: document } = root;
  const make = <Name extends keyof HTMLElementTagNameMap>(
    name: Name,
    attributes: Readonly<Record<string, string>>,
    ...children: Node[]
  ): HTMLElementTagNameMap[Name] => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const image = make('canvas', { part: 'image' });
  const overlay = make('div', { class: 'overlay', part: 'overlay' });
  const stage = make('div', {
    class: 'stage',
    part: 'stage',
    tabindex: '0',
    role: 'application',
    'aria-describedby': 'instructions',
  });
  const focus = make('div', { class: 'focus', part: 'focus' });
  const drawings = document.createElementNS(SVG, 'svg');
  drawings.setAttribute('part', 'drawings');
  drawings.setAttribute('aria-hidden', 'true');
  const handles = make('div', { class: 'handles', part: 'handles' });
  const cursor = make('div', { class: 'cursor', part: 'cursor', hidden: '' }, make('i', {}));
  const statusText = make('span', {});
  const progress = make('progress', { part: 'progress', max: '1', hidden: '' });
  const status = make('div', { class: 'status', part: 'status', hidden: '' }, statusText, progress);
  const errorText = make('span', { role: 'alert' });
  const retry = make('button', { type: 'button', part: 'retry' });
  const error = make('div', { class: 'error', part: 'error', hidden: '' }, errorText, retry);
  const instructions = make('div', { class: 'hidden', id: 'instructions' });
  const live = make('div', { class: 'hidden', 'aria-live': 'polite', 'aria-atomic': 'true' });
  const frame = make(
    'div',
    { class: 'frame', part: 'frame' },
    image,
    overlay,
    stage,
    drawings,
    handles,
    cursor,
    focus,
    status,
    error,
    instructions,
    live,
  );
  addStyles(root);
  root.append(frame);
  return {
    frame,
    image,
    overlay,
    stage,
    drawings,
    handles,
    cursor,
    status,
    statusText,
    progress,
    error,
    errorText,
    retry,
    instructions,
    live,
  };
}

let shared: CSSStyleSheet | undefined;

/** Constructed style sheets are allowed where a policy forbids inline styles. */
function addStyles(root: ShadowRoot): void {
  const canAdopt: boolean = 'adoptedStyleSheets' in root && typeof CSSStyleSheet === 'function';
  if (canAdopt) {
    if (shared === undefined) {
      shared = new CSSStyleSheet();
      shared.replaceSync(STYLE_SHEET);
    }
    root.adoptedStyleSheets = [shared];
    return;
  }
  const style = root.ownerDocument.createElement('style');
  style.textContent = STYLE_SHEET;
  root.append(style);
}
