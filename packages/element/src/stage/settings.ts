import type { PointLabel } from 'samgpu';

import type { ExcludeKey, WheelUse } from '../input/pointer-input.ts';
import type { RendererChoice } from '../overlay/overlay-layer.ts';
import type { OverlayOptions } from '../overlay/snapshot-shapes.ts';
import { englishMessages, type Messages } from '../speech/messages.ts';
import type { Tool } from '../tools/prompt-tools.ts';
import type { ScaleLimitOptions } from '../view/scale-limits.ts';

/** What a page chose for an element, apart from picture and model. */
export interface StageSettings {
  tool: Tool;
  label: PointLabel;
  /** What the picture shows, for people who do not see it. */
  alt: string;
  overlay: OverlayOptions;
  messages: Messages;
  /** Whether what a click would take is shown under the pointer. */
  preview: boolean;
  excludeKey: ExcludeKey;
  wheel: WheelUse;
  renderer: RendererChoice;
  limits: ScaleLimitOptions;
  disabled: boolean;
}

export function defaultSettings(): StageSettings {
  return {
    tool: 'point',
    label: 'include',
    alt: '',
    overlay: {},
    messages: englishMessages,
    preview: true,
    excludeKey: 'alt',
    wheel: 'zoom',
    renderer: 'auto',
    limits: {},
    disabled: false,
  };
}
