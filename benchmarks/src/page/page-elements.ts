/** The elements of `page/index.html` that the script fills or listens to. */
export interface PageElements {
  readonly adapter: HTMLElement;
  readonly setup: HTMLFormElement;
  readonly peer: HTMLSelectElement;
  readonly scale: HTMLSelectElement;
  readonly runs: HTMLInputElement;
  readonly filter: HTMLInputElement;
  readonly all: HTMLButtonElement;
  readonly none: HTMLButtonElement;
  readonly cases: HTMLElement;
  readonly run: HTMLButtonElement;
  readonly stop: HTMLButtonElement;
  readonly copy: HTMLButtonElement;
  readonly progress: HTMLProgressElement;
  readonly status: HTMLElement;
  readonly results: HTMLTableElement;
  readonly note: HTMLElement;
}

const KINDS = {
  adapter: HTMLElement,
  setup: HTMLFormElement,
  peer: HTMLSelectElement,
  scale: HTMLSelectElement,
  runs: HTMLInputElement,
  filter: HTMLInputElement,
  all: HTMLButtonElement,
  none: HTMLButtonElement,
  cases: HTMLElement,
  run: HTMLButtonElement,
  stop: HTMLButtonElement,
  copy: HTMLButtonElement,
  progress: HTMLProgressElement,
  status: HTMLElement,
  results: HTMLTableElement,
  note: HTMLElement,
} as const;

/** @throws TypeError where index.html lacks one of them */
export function findElements(): PageElements {
  const entries = Object.entries(KINDS).map(([id, kind]) => {
    const element = document.querySelector(`#${id}`);
    if (!(element instanceof kind)) {
      throw new TypeError(`index.html has no ${kind.name} with the id "${id}"`);
    }
    return [id, element] as const;
  });
  // One entry for each key, of its kind.
  return Object.fromEntries(entries) as unknown as PageElements;
}

/** An element with its text or its children. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  content: string | readonly Node[] = [],
  className = '',
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.append(...(typeof content === 'string' ? [content] : content));
  element.className = className;
  return element;
}
