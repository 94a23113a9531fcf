import type { PointLabel } from 'samgpu';

/** Everything that an element says, on the screen or to a screen reader. */
export interface Messages {
  /** Name of the picture where it has none. */
  readonly picture: string;
  /** What the element is, after its name. */
  readonly role: string;
  /** How it is used by keyboard. */
  readonly instructions: string;
  readonly loading: (model: string, percent: number | undefined) => string;
  readonly encoding: string;
  readonly ready: (width: number, height: number) => string;
  readonly point: (label: PointLabel, x: number, y: number) => string;
  readonly box: (x: number, y: number, width: number, height: number) => string;
  readonly lasso: (label: PointLabel) => string;
  readonly scribble: (label: PointLabel) => string;
  readonly removePoint: (label: PointLabel, x: number, y: number) => string;
  readonly removeBox: string;
  readonly removePath: string;
  readonly boxCorner: string;
  readonly promptRemoved: string;
  readonly candidate: (index: number, count: number, percent: number, score: number) => string;
  readonly committed: (name: string) => string;
  readonly cancelled: string;
  readonly nothingThere: string;
  readonly selected: (name: string) => string;
  readonly cursor: (x: number, y: number) => string;
  readonly label: (label: PointLabel) => string;
  readonly tool: (tool: string) => string;
  readonly zoom: (percent: number) => string;
  readonly undone: (what: string) => string;
  readonly redone: (what: string) => string;
  readonly drawing: string;
  readonly tryAgain: string;
}

const labels: Readonly<Record<PointLabel, string>> = { include: 'include', exclude: 'exclude' };

/** In English. */
export const englishMessages: Messages = {
  picture: 'Picture',
  role: 'segmentation canvas',
  instructions:
    'Arrow keys move the cursor, with Shift by one pixel. Space places a point, with Shift one to exclude. ' +
    'Enter accepts the mask, Escape gives it up, Tab goes through alternatives, Shift and Tab goes back and leaves. ' +
    'Backspace removes the last point. Plus and minus zoom, 0 shows all. ' +
    'P, B, L, S and H choose point, box, lasso, scribble and hand.',
  loading: (model, percent) =>
    `Loading ${model || 'the model'}…${percent === undefined ? '' : ` ${percent}%`}`,
  encoding: 'Looking at the picture…',
  ready: (width, height) => `Ready. Picture of ${width} by ${height} pixels.`,
  point: (label, x, y) => `Point to ${labels[label]} at ${x}, ${y}.`,
  box: (x, y, width, height) => `Box of ${width} by ${height} at ${x}, ${y}.`,
  lasso: (label) => `Lasso to ${labels[label]}.`,
  scribble: (label) => `Scribble to ${labels[label]}.`,
  removePoint: (label, x, y) =>
    `Point to ${labels[label]} at ${x}, ${y}. Drag to move, press to remove.`,
  removeBox: 'Remove box',
  removePath: 'Remove stroke',
  boxCorner: 'Corner of the box. Drag to move.',
  promptRemoved: 'Removed.',
  candidate: (index, count, percent, score) =>
    (count > 1 ? `Mask ${index} of ${count}` : 'Mask') +
    `: ${percent < 1 ? 'less than 1' : percent}% of the picture, score ${score.toFixed(2)}.`,
  committed: (name) => `${name} accepted.`,
  cancelled: 'Given up.',
  nothingThere: 'Nothing found there.',
  selected: (name) => `${name} selected.`,
  cursor: (x, y) => `${x}, ${y}`,
  label: (label) => `Now to ${labels[label]}.`,
  tool: (tool) => `Tool: ${tool}.`,
  zoom: (percent) => `${percent}%`,
  undone: (what) => `Undone: ${what}.`,
  redone: (what) => `Redone: ${what}.`,
  drawing: 'Drawing. Move with the arrow keys, then press Space.',
  tryAgain: 'Try again',
};
