import type { BackendChoice } from 'samgpu';

import { Store } from './store.ts';

export type Theme = 'system' | 'dark' | 'light';

export interface Settings {
  readonly theme: Theme;
  /** Shows what a click would take, while the pointer moves. */
  readonly hoverPreview: boolean;
  readonly backend: BackendChoice;
  /** Name of the model to start with. */
  readonly model: string;
  /** Folder that model files are taken from; empty for the one beside the site. */
  readonly modelFolder: string;
  /** Whether single letters choose tools. */
  readonly letterKeys: boolean;
}

const defaults: Settings = {
  theme: 'system',
  hoverPreview: true,
  backend: 'auto',
  model: 'nano',
  modelFolder: '',
  letterKeys: true,
};

const KEY = 'samgpu-studio-settings';

const backends: readonly string[] = ['auto', 'webgpu', 'onnx'];
const themes: readonly string[] = ['system', 'dark', 'light'];

/**
 * Settings that last, where the browser lets pages store anything. An address may name others for
 * one visit: `?backend=onnx&model=nano&theme=dark`.
 */
export class SettingsStore extends Store<Settings> {
  constructor(query: URLSearchParams) {
    super({ ...defaults, ...stored(), ...asked(query) });
  }

  change(change: Partial<Settings>): void {
    this.update((settings) => ({ ...settings, ...change }));
    try {
      localStorage.setItem(KEY, JSON.stringify(this.get()));
    } catch {
      // Denied or full: they hold until the page is closed.
    }
  }
}

function stored(): Partial<Settings> {
  try {
    return checked(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>);
  } catch {
    return {};
  }
}

function asked(query: URLSearchParams): Partial<Settings> {
  return checked(Object.fromEntries(query));
}

/** Keeps what is a setting, so that neither an old version nor an address can break the page. */
function checked(found: Readonly<Record<string, unknown>>): Partial<Settings> {
  const { theme, hoverPreview, backend, model, modelFolder, letterKeys } = found;
  return {
    ...(themes.includes(theme as string) && { theme: theme as Theme }),
    ...(backends.includes(backend as string) && { backend: backend as BackendChoice }),
    ...(typeof model === 'string' && { model }),
    ...(typeof modelFolder === 'string' && { modelFolder }),
    ...(typeof hoverPreview === 'boolean' && { hoverPreview }),
    ...(typeof letterKeys === 'boolean' && { letterKeys }),
  };
}
