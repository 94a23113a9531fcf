import type { RgbColor } from './rgba-image.ts';

/** The golden angle: hues that follow one another differ much, however many there are. */
const step = 360 * (2 - (1 + Math.sqrt(5)) / 2);

/** Lightness and chroma in turn, so that hues that come close after a round still differ. */
const tones = [
  [0.72, 0.17],
  [0.6, 0.2],
  [0.82, 0.13],
] as const;

/**
 * Colours that are easy to tell apart, equally bright to the eye within a tone (Ottosson's Oklab).
 *
 * @param count - the first colours of a longer list are those of a shorter one
 */
export function distinctColors(count: number): RgbColor[] {
  return Array.from({ length: count }, (_, i) => {
    const [lightness, chroma] = tones[i % tones.length]!;
    return fromOklch(lightness, chroma, 250 + i * step);
  });
}

function fromOklch(lightness: number, chroma: number, hue: number): RgbColor {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    toByte(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    toByte(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

/** Linear light to an sRGB byte; colours beyond the gamut are clipped. */
function toByte(linear: number): number {
  const light = Math.min(1, Math.max(0, linear));
  const encoded = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255);
}
