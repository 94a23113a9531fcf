import { SamCanvas } from './sam-canvas.ts';

/** Makes `<sam-canvas>` known to the page. Does nothing where it is, or where there is no DOM. */
export function defineSamCanvas(name: string = 'sam-canvas'): void {
  if (typeof customElements === 'undefined' || customElements.get(name) !== undefined) return;
  // A class has one name; under another it needs another class.
  const isTaken = typeof customElements.getName?.(SamCanvas) === 'string';
  customElements.define(name, isTaken ? class extends SamCanvas {} : SamCanvas);
}
