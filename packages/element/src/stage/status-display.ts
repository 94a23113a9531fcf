import type { SessionSnapshot } from '@samgpu/session';

import { withFraction } from '../session/snapshot-events.ts';
import type { Template } from '../template.ts';
import type { StageSettings } from './settings.ts';

/** Shows what takes long and what went wrong. */
export class StatusDisplay {
  readonly #template: Template;
  readonly #settings: StageSettings;
  readonly #listeners = new AbortController();
  #retry: (() => void) | undefined;

  constructor(template: Template, settings: StageSettings) {
    this.#template = template;
    this.#settings = settings;
    const { signal } = this.#listeners;
    template.retry.addEventListener('click', () => this.#retry?.(), { signal });
  }

  /** @param model - the title of the model that is being loaded */
  showWork(snapshot: SessionSnapshot, model: string): void {
    const { status, statusText, progress } = this.#template;
    const { messages } = this.#settings;
    const { state } = snapshot;
    const isWorking = state === 'loading' || state === 'encoding';
    status.hidden = !isWorking;
    if (!isWorking) return;
    const { fraction } = snapshot.progress
      ? withFraction(snapshot.progress)
      : { fraction: undefined };
    const isDownload = state === 'loading' && snapshot.progress?.stage === 'weights';
    const percent = isDownload && fraction !== undefined ? Math.round(fraction * 100) : undefined;
    const text = state === 'loading' ? messages.loading(model, percent) : messages.encoding;
    if (statusText.textContent !== text) statusText.textContent = text;
    progress.hidden = percent === undefined;
    progress.value = fraction ?? 0;
  }

  /** @param retry - offered as a button */
  showError(message: string | undefined, retry?: () => void): void {
    const { error, errorText, retry: button } = this.#template;
    this.#retry = retry;
    const text = message ?? '';
    error.hidden = message === undefined;
    button.hidden = retry === undefined;
    if (errorText.textContent !== text) errorText.textContent = text;
  }

  /** What a session refused; it goes with the next thing that it does. */
  refused(error: unknown): void {
    this.showError(error instanceof Error ? error.message : String(error));
  }

  dispose(): void {
    this.#listeners.abort();
    this.showError(undefined);
    this.#template.status.hidden = true;
  }
}
