export { defineSamCanvas } from './define-sam-canvas.ts';
export { SamCanvasError, type SamCanvasErrorCode } from './element-error.ts';
export type { ExcludeKey, WheelUse } from './input/pointer-input.ts';
export { type ModelEntry, registeredModels, registerModel } from './model-registry.ts';
export type { RendererChoice } from './overlay/overlay-layer.ts';
export type { OverlayOptions } from './overlay/snapshot-shapes.ts';
export { SamCanvas } from './sam-canvas.ts';
export type {
  SamCanvasEventMap,
  SamCanvasEventName,
  SamCanvasEvents,
  SamMaskDetail,
  SamObjectsDetail,
  SamProgressDetail,
  SamStateDetail,
} from './sam-canvas-events.ts';
export type { ModelInput } from './session/own-session.ts';
export { englishMessages, type Messages } from './speech/messages.ts';
export type { Tool } from './tools/prompt-tools.ts';
export type { Position, View } from './view/view.ts';
