import type { EngineProgress, SessionPhase } from '@samgpu/session';

import { bytesText } from '../ui/amounts.ts';

export interface WorkText {
  readonly label: string;
  readonly share: number | undefined;
  readonly detail?: string;
}

/** What is being done, in words. */
export function workText(
  state: SessionPhase,
  progress: EngineProgress | null,
  title = 'the model',
): WorkText {
  if (state === 'encoding') return { label: 'Looking at the picture', share: undefined };
  if (progress === null) return { label: `Loading ${title}`, share: undefined };
  const { stage, phase, loaded, total } = progress;
  const share = total === undefined || total === 0 ? undefined : loaded / total;
  if (stage === 'compile') return { label: 'Preparing the model', share };
  const label = phase === 'checking' ? 'Checking the weights' : 'Loading the weights';
  const of = total === undefined ? '' : ` of ${bytesText(total)}`;
  return { label, share, detail: `${bytesText(loaded)}${of}` };
}
