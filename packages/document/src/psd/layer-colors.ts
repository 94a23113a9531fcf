import type { RgbColor } from '@samgpu/mask';
import type { LayerColor } from 'ag-psd';

/** The labels that layers may have, by number, about as they are shown. */
const labels: readonly (readonly [LayerColor, RgbColor])[] = [
  ['red', [214, 72, 66]],
  ['orange', [224, 138, 55]],
  ['yellow', [222, 200, 70]],
  ['green', [95, 170, 85]],
  ['blue', [75, 125, 205]],
  ['violet', [140, 95, 190]],
  ['gray', [128, 128, 128]],
];

/** The number of the label that looks most like a colour; 0 would be none. */
export function labelNumber(color: RgbColor): number {
  const distance = (label: RgbColor): number =>
    label.reduce((sum, value, i) => sum + (value - color[i]!) ** 2, 0);
  const distances = labels.map(([, label]) => distance(label));
  return 1 + distances.indexOf(Math.min(...distances));
}

export function colorOfLabel(label: LayerColor | undefined): RgbColor | undefined {
  return labels.find(([name]) => name === label)?.[1];
}
