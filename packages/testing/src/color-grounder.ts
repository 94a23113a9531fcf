/** Pixels as pictures are given to grounders: `[height, width, channels]`. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

/** What is found of a word: a box in pixels, which of the words, and how much of the box it fills. */
export interface ColoredRegion {
  readonly box: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  readonly label: string;
  readonly score: number;
}

const COLORS: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [210, 40, 40],
  green: [40, 160, 60],
  blue: [40, 70, 200],
  yellow: [230, 200, 40],
  white: [245, 245, 245],
  black: [15, 15, 15],
};

/** Farther from a colour than this, in RGB, is another one. */
const REACH = 90;

/** Smaller regions are specks. */
const LEAST_PIXELS = 24;

/**
 * A detector for tests, simple and real: it finds connected regions of the plain colours that the
 * words name. Phrases are parted by commas and full stops; one without a colour finds nothing.
 */
export const colorGrounder = {
  name: 'plain colours',
  ground(
    picture: Pixels,
    words: string,
    { signal, minScore = 0.3 }: { readonly signal?: AbortSignal; readonly minScore?: number } = {},
  ): Promise<readonly ColoredRegion[]> {
    signal?.throwIfAborted();
    const phrases = words.split(/[,.;]/).map((phrase) => phrase.trim());
    const found = phrases.flatMap((label) => {
      const name = label
        .toLowerCase()
        .split(/\s+/)
        .find((word) => word in COLORS);
      return name === undefined
        ? []
        : regionsOf(picture, COLORS[name]!).map((region) => ({ ...region, label }));
    });
    return Promise.resolve(found.filter(({ score }) => score >= minScore));
  },
};

function regionsOf(
  { width, height, channels, data }: Pixels,
  [red, green, blue]: readonly [number, number, number],
): Omit<ColoredRegion, 'label'>[] {
  const open = new Uint8Array(width * height);
  for (let i = 0; i < open.length; i++) {
    const at = i * channels;
    const distance = Math.hypot(data[at]! - red, data[at + 1]! - green, data[at + 2]! - blue);
    open[i] = distance < REACH ? 1 : 0;
  }
  const regions: Omit<ColoredRegion, 'label'>[] = [];
  const stack: number[] = [];
  for (let start = 0; start < open.length; start++) {
    if (open[start] === 0) continue;
    let [left, top, right, bottom, area] = [width, height, 0, 0, 0];
    const reach = (pixel: number): void => {
      if (open[pixel] === 0) return;
      open[pixel] = 0;
      stack.push(pixel);
    };
    reach(start);
    while (stack.length > 0) {
      const pixel = stack.pop()!;
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      area += 1;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      if (x > 0) reach(pixel - 1);
      if (x < width - 1) reach(pixel + 1);
      if (y > 0) reach(pixel - width);
      if (y < height - 1) reach(pixel + width);
    }
    if (area < LEAST_PIXELS) continue;
    const box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
    regions.push({ box, score: area / (box.width * box.height) });
  }
  return regions;
}
