import { DocumentError } from '../document-error.ts';

/** `[a b c d e f]` of SVG: x' = a x + c y + e, y' = b x + d y + f. */
export type Transform = readonly [number, number, number, number, number, number];

export const identity: Transform = [1, 0, 0, 1, 0, 0];

/** First `inner`, then `outer`. */
export function combine(outer: Transform, inner: Transform): Transform {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [
    a * g + c * h,
    b * g + d * h,
    a * i + c * j,
    b * i + d * j,
    a * k + c * l + e,
    b * k + d * l + f,
  ];
}

/** How much a transform enlarges, on average. */
export function scaleOf([a, b, c, d]: Transform): number {
  return Math.sqrt(Math.abs(a * d - b * c));
}

/**
 * Reads the `transform` of an element.
 *
 * @throws DocumentError `damaged`
 */
export function parseTransform(text: string | undefined): Transform {
  if (text === undefined) return identity;
  let transform = identity;
  const rest = text.replaceAll(
    /([a-zA-Z]+)\s*\(([^()]*)\)[\s,]*/g,
    (_, name: string, list: string) => {
      const numbers = list
        .split(/[\s,]+/)
        .filter((part) => part !== '')
        .map(Number);
      const next = transformOf(name, numbers);
      if (next === undefined || !numbers.every(Number.isFinite)) throw invalid(text);
      transform = combine(transform, next);
      return '';
    },
  );
  if (rest.trim() !== '') throw invalid(text);
  return transform;
}

function invalid(text: string): DocumentError {
  return new DocumentError(
    'damaged',
    `The SVG has the transform ${JSON.stringify(text.slice(0, 80))}, which is none.`,
  );
}

function transformOf(name: string, numbers: readonly number[]): Transform | undefined {
  const [a = 0, b = 0, c = 0] = numbers;
  const radians = (a * Math.PI) / 180;
  switch (name) {
    case 'matrix':
      return numbers.length === 6 ? (numbers as unknown as Transform) : undefined;
    case 'translate':
      return [1, 0, 0, 1, a, b];
    case 'scale':
      return [a, 0, 0, numbers.length > 1 ? b : a, 0, 0];
    case 'rotate': {
      const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
      return [cos, sin, -sin, cos, b - cos * b + sin * c, c - sin * b - cos * c];
    }
    case 'skewX':
      return [1, 0, Math.tan(radians), 1, 0, 0];
    case 'skewY':
      return [1, Math.tan(radians), 0, 1, 0, 0];
    default:
      return undefined;
  }
}
