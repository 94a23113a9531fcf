import { UNSTABLE_ToastQueue as ToastQueue } from 'react-aria-components';

export interface Notice {
  readonly kind: 'done' | 'note' | 'problem';
  readonly title: string;
  /** What to do, or what it means. */
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** What is said in passing. Problems stay until they are closed. */
export const notices = new ToastQueue<Notice>({ maxVisibleToasts: 3 });

const PASSING = 5000;

export function say(notice: Notice): void {
  const lasts = notice.kind === 'problem' || notice.action !== undefined;
  notices.add(notice, lasts ? {} : { timeout: PASSING });
}

/** Says that something failed. An abort, which the user asked for, is none. */
export function sayProblem(title: string, error: unknown): void {
  if (isAbort(error)) return;
  const detail = error instanceof Error ? error.message : String(error);
  say({ kind: 'problem', title, detail });
}

function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return error.name === 'AbortError' || code === 'cancelled' || code === 'superseded';
}
