import type { RandomStream } from './random-stream.ts';
import type { AlphaPlane, Blob } from './shapes.ts';

/** A limb, or another part of a body: all that lies within a radius of a line. */
interface Limb {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  readonly radius: number;
}

/** A standing figure with arms and legs apart: an outline five times as long as the picture is high. */
export interface Person {
  readonly limbs: readonly Limb[];
  /** Where hair grows. */
  readonly head: Blob;
}

/** A figure that fills most of a picture. */
export function makePerson(width: number, height: number, random: RandomStream): Person {
  const size = Math.min(width, height);
  const at = (x: number, y: number): [number, number] => [width / 2 + x * size, y * size];
  const sway = (): number => random.between(-0.02, 0.02);
  const limbs: Limb[] = [
    { from: at(0, 0.33), to: at(0, 0.56), radius: 0.1 * size },
    { from: at(0, 0.2), to: at(0, 0.3), radius: 0.035 * size },
  ];
  for (const side of [-1, 1]) {
    const elbow = at(side * (0.26 + sway()), 0.4 + sway());
    limbs.push({ from: at(side * 0.1, 0.29), to: elbow, radius: 0.035 * size });
    limbs.push({
      from: elbow,
      to: at(side * (0.38 + sway()), 0.24 + sway()),
      radius: 0.026 * size,
    });
    for (const finger of [-1, 0, 1]) {
      const hand = at(side * 0.39, 0.22);
      const tip = at(side * (0.4 + 0.03 * finger), 0.15 + 0.02 * Math.abs(finger));
      limbs.push({ from: hand, to: tip, radius: 0.008 * size });
    }
    const knee = at(side * (0.12 + sway()), 0.76);
    limbs.push({ from: at(side * 0.055, 0.58), to: knee, radius: 0.05 * size });
    limbs.push({ from: knee, to: at(side * (0.17 + sway()), 0.97), radius: 0.035 * size });
  }
  const [x, y] = at(0, 0.13);
  return { limbs, head: { x, y, radius: () => 0.07 * size } };
}

/** Draws the figure without its hair. */
export function drawPerson({ width, height, data }: AlphaPlane, { limbs, head }: Person): void {
  const parts: Limb[] = [
    ...limbs,
    { from: [head.x, head.y], to: [head.x, head.y], radius: head.radius(0) },
  ];
  for (const { from, to, radius } of parts) {
    const left = Math.max(0, Math.floor(Math.min(from[0], to[0]) - radius - 1));
    const right = Math.min(width, Math.ceil(Math.max(from[0], to[0]) + radius + 1));
    const top = Math.max(0, Math.floor(Math.min(from[1], to[1]) - radius - 1));
    const bottom = Math.min(height, Math.ceil(Math.max(from[1], to[1]) + radius + 1));
    const [acrossX, acrossY] = [to[0] - from[0], to[1] - from[1]];
    const lengthSquared = Math.max(1e-9, acrossX ** 2 + acrossY ** 2);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const [dx, dy] = [x + 0.5 - from[0], y + 0.5 - from[1]];
        const along = Math.min(1, Math.max(0, (dx * acrossX + dy * acrossY) / lengthSquared));
        const distance = Math.hypot(dx - along * acrossX, dy - along * acrossY);
        const i = y * width + x;
        data[i] = Math.max(data[i]!, Math.min(1, Math.max(0, radius + 0.5 - distance)));
      }
    }
  }
}
