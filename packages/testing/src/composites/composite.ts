import { drawPerson, makePerson } from './person.ts';
import { RandomStream } from './random-stream.ts';
import { type AlphaPlane, drawBlob, drawStrands, makeBlob } from './shapes.ts';
import { simulateMask, type SimulatedMask } from './simulated-mask.ts';
import { type Color, makeTexture, type TextureKind, textureKinds } from './texture.ts';

/** What the edge of the object looks like. */
export type EdgeKind = 'hair' | 'fur' | 'soft' | 'hard';

/** How {@link makeComposite} builds a picture. */
export interface CompositeOptions {
  readonly seed: number;
  readonly edge: EdgeKind;
  /** Default `'blob'`, which has about the shortest outline that an object can have. */
  readonly shape?: 'blob' | 'person';
  readonly width?: number;
  readonly height?: number;
  /** Width of strands, or blur of a soft edge, in pixels. */
  readonly size?: number;
  readonly foreground?: TextureKind;
  readonly background?: TextureKind;
  /** Standard deviation of the sensor's noise, in levels of 255. Default 1.5. */
  readonly noise?: number;
}

/** A picture of which everything is known. */
export interface Composite {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** The picture, RGBA. */
  readonly image: Uint8ClampedArray<ArrayBuffer>;
  /** How much of each pixel the object covers. */
  readonly alpha: Float32Array;
  /** Colours of the object, wherever it may be, RGB. */
  readonly foreground: Uint8ClampedArray;
  readonly background: Uint8ClampedArray;
  readonly mask: SimulatedMask;
}

/**
 * An object with a given kind of edge over a background: both textured at random, laid over each
 * other in sRGB, as it is displayed, with noise and rounded to 8 bits.
 */
export function makeComposite({
  seed,
  edge,
  shape = 'blob',
  width = 480,
  height = 360,
  size = edge === 'soft' ? 4 : 1.5,
  noise = 1.5,
  ...kinds
}: CompositeOptions): Composite {
  const random = new RandomStream(seed);
  const foregroundKind = kinds.foreground ?? textureKinds[random.index(textureKinds.length)]!;
  const backgroundKind = kinds.background ?? textureKinds[random.index(textureKinds.length)]!;
  const alpha: AlphaPlane = { width, height, data: new Float32Array(width * height) };
  const short = Math.min(width, height);
  const person = shape === 'person' ? makePerson(width, height, random) : undefined;
  const root = person?.head ?? makeBlob(width, height, random);
  if (person !== undefined) drawPerson(alpha, person);
  else drawBlob(alpha, root, edge === 'soft' ? size : edge === 'hard' ? 0 : 1);
  if (edge === 'hair' || edge === 'fur') {
    const outline = 2 * Math.PI * root.radius(0);
    const isHair = edge === 'hair';
    const strands = {
      count: Math.round(outline / (isHair ? 3 + 2.5 * size : 0.5 + 0.8 * size)),
      strandWidth: size,
      length: short * (isHair ? 0.05 : 0.02),
      curl: isHair ? 0.6 : 0.3,
    };
    drawStrands(alpha, root, strands, random);
  }
  const [foregroundColors, backgroundColors] = drawPalettes(random);
  const foregroundAt = makeTexture(foregroundKind, {
    colors: foregroundColors,
    scale: short * random.between(0.06, 0.15),
    random,
  });
  const backgroundAt = makeTexture(backgroundKind, {
    colors: backgroundColors,
    scale: short * random.between(0.06, 0.15),
    random,
  });
  const image = new Uint8ClampedArray(width * height * 4);
  const foreground = new Uint8ClampedArray(width * height * 3);
  const background = new Uint8ClampedArray(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const above = foregroundAt(x, y);
    const below = backgroundAt(x, y);
    const share = alpha.data[i]!;
    for (let channel = 0; channel < 3; channel++) {
      foreground[i * 3 + channel] = above[channel]!;
      background[i * 3 + channel] = below[channel]!;
      image[i * 4 + channel] =
        share * foreground[i * 3 + channel]! +
        (1 - share) * background[i * 3 + channel]! +
        noise * random.normal();
    }
    image[i * 4 + 3] = 255;
  }
  return {
    name: `${edge} ${size} px, ${foregroundKind} over ${backgroundKind}, seed ${seed}`,
    width,
    height,
    image,
    alpha: alpha.data,
    foreground,
    background,
    mask: simulateMask(alpha, { seed: random.index(2 ** 31) }),
  };
}

type Palette = readonly [Color, Color];

/** Two colours each for object and background. */
function drawPalettes(random: RandomStream): [Palette, Palette] {
  for (;;) {
    const foreground = drawPalette(random, 70);
    const background = drawPalette(random, 130);
    // Colours that differ less than this cannot be told apart through noise and texture.
    if (foreground.every((one) => background.every((other) => distance(one, other) > 55))) {
      return [foreground, background];
    }
  }
}

function drawPalette(random: RandomStream, spread: number): Palette {
  const color = (): Color => [
    random.between(20, 235),
    random.between(20, 235),
    random.between(20, 235),
  ];
  for (;;) {
    const palette = [color(), color()] as const;
    if (distance(...palette) < spread) return palette;
  }
}

function distance(first: Color, second: Color): number {
  return Math.hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2]);
}
