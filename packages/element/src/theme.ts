import type { RgbaColor, RgbColor } from '@samgpu/mask';

import type { LineStyle } from './overlay/overlay-scene.ts';

/** What canvases are drawn with, as a page's custom properties say. */
export interface Theme {
  readonly draft: RgbColor;
  readonly hover: RgbColor;
  /** Opacities of tints, 0 to 1. */
  readonly fill: number;
  readonly hoverFill: number;
  readonly line: LineStyle;
}

/** Reads the custom properties `--sam-…` of an element. */
export function readTheme(style: CSSStyleDeclaration, colors: ColorReader): Theme {
  const text = (name: string, fallback: string): string =>
    style.getPropertyValue(`--sam-${name}`).trim() || fallback;
  const number = (name: string, fallback: number): number => {
    const value = Number.parseFloat(text(name, ''));
    return Number.isFinite(value) && value >= 0 ? value : fallback;
  };
  const color = (name: string, fallback: string): RgbColor => {
    const [red, green, blue] = colors.read(text(name, fallback), fallback);
    return [red, green, blue];
  };
  return {
    draft: color('draft-color', text('include-color', '#2f81f7')),
    hover: color('hover-color', '#ffffff'),
    fill: Math.min(1, number('fill-opacity', 0.36)),
    hoverFill: Math.min(1, number('hover-opacity', 0.26)),
    line: {
      width: number('outline-width', 1.5),
      haloWidth: number('halo-width', 1.25),
      haloColor: colors.read(text('halo-color', '#0000007a'), '#0000007a'),
      antsColor: colors.read(text('ants-color', '#ffffff'), '#ffffff'),
      antsGapColor: colors.read(text('ants-gap-color', '#101318'), '#101318'),
      dash: Math.max(1, number('ants-dash', 5)),
    },
  };
}

/** Tells the levels of any colour that CSS knows. */
export class ColorReader {
  readonly #context: CanvasRenderingContext2D | null;
  readonly #known = new Map<string, RgbaColor>();

  constructor(document: Document) {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    this.#context = canvas.getContext('2d', { willReadFrequently: true });
  }

  /** @param fallback - taken where the text is no colour */
  read(text: string, fallback: string): RgbaColor {
    const known = this.#known.get(text);
    if (known !== undefined || this.#context === null) return known ?? [0, 0, 0, 255];
    // What is no colour leaves the style as it was.
    this.#context.fillStyle = fallback;
    this.#context.fillStyle = text;
    this.#context.clearRect(0, 0, 1, 1);
    this.#context.fillRect(0, 0, 1, 1);
    const { data } = this.#context.getImageData(0, 0, 1, 1);
    const color: RgbaColor = [data[0]!, data[1]!, data[2]!, data[3]!];
    this.#known.set(text, color);
    return color;
  }
}
