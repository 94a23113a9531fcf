import { mix32, unitInterval } from '../hash.ts';
import type { RandomStream } from './random-stream.ts';

/** Kinds of surface that a texture may look like. */
export const textureKinds = ['plain', 'cloudy', 'striped', 'leafy', 'grainy'] as const;

export type TextureKind = (typeof textureKinds)[number];

/** Red, green and blue, 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** Gives a colour for every place in a picture. */
export type Texture = (x: number, y: number) => Color;

/** Looks of a texture. */
export interface TextureOptions {
  /** The two colours that it goes between. */
  readonly colors: readonly [Color, Color];
  /** Size of its largest features, in pixels. */
  readonly scale: number;
  readonly random: RandomStream;
}

/** A texture that goes between two colours, with some play of its own in brightness and hue. */
export function makeTexture(
  kind: TextureKind,
  { colors: [first, second], scale, random }: TextureOptions,
): Texture {
  const seed = random.index(2 ** 31);
  const tint: Color = [random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)];
  const angle = random.between(0, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const values: Readonly<Record<TextureKind, (x: number, y: number) => number>> = {
    plain: (x, y) => 0.3 * smoothNoise(seed, x / (4 * scale), y / (4 * scale)),
    cloudy: (x, y) => octaves(seed, x / scale, y / scale, 4),
    striped: (x, y) => {
      const bend = 2 * smoothNoise(seed, x / (2 * scale), y / (2 * scale));
      return Math.sin((2 * Math.PI * (x * cos + y * sin)) / (0.5 * scale) + bend);
    },
    leafy: (x, y) => Math.tanh(6 * octaves(seed, x / scale, y / scale, 3)),
    grainy: (x, y) =>
      0.6 * octaves(seed, x / scale, y / scale, 2) + 0.8 * smoothNoise(seed + 2, x / 1.7, y / 1.7),
  };
  const value = values[kind];
  return (x, y) => {
    const share = Math.min(1, Math.max(0, (value(x, y) + 1) / 2));
    const light = 10 * smoothNoise(seed + 1, (3 * x) / scale, (3 * y) / scale);
    const hue = 12 * smoothNoise(seed + 3, x / (1.5 * scale), y / (1.5 * scale));
    const mix = (channel: 0 | 1 | 2): number =>
      first[channel] + share * (second[channel] - first[channel]) + light + hue * tint[channel];
    return [mix(0), mix(1), mix(2)];
  };
}

/** Value noise with a continuous slope, -1 to 1, features about one unit wide. */
export function smoothNoise(seed: number, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [smoothStep(x - column), smoothStep(y - row)];
  const at = (dx: number, dy: number): number =>
    unitInterval(
      mix32(mix32(seed + Math.imul(column + dx, 0x9e3779b9)) + Math.imul(row + dy, 0x85ebca6b)),
    );
  const above = at(0, 0) + (at(1, 0) - at(0, 0)) * u;
  const below = at(0, 1) + (at(1, 1) - at(0, 1)) * u;
  return above + (below - above) * v;
}

function smoothStep(t: number): number {
  return t * t * (3 - 2 * t);
}

function octaves(seed: number, x: number, y: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += smoothNoise(seed + i, x * 2 ** i, y * 2 ** i) / 2 ** i;
  return sum;
}
