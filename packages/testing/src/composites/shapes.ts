import type { RandomStream } from './random-stream.ts';

/** Coverage per pixel, 0 to 1. */
export interface AlphaPlane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array; // [height, width]
}

/** A closed outline in polar coordinates around a centre. */
export interface Blob {
  readonly x: number;
  readonly y: number;
  /** Distance of the outline from the centre, by direction. */
  radius(angle: number): number;
}

/** A round shape with a few bulges. */
export function makeBlob(width: number, height: number, random: RandomStream): Blob {
  const size = Math.min(width, height);
  const mean = size * random.between(0.24, 0.3);
  const waves = [2, 3, 5, 8].map((frequency) => ({
    frequency,
    phase: random.between(0, 2 * Math.PI),
    amplitude: random.between(0.02, 0.12) / Math.sqrt(frequency),
  }));
  return {
    x: width / 2 + size * random.between(-0.05, 0.05),
    y: height / 2 + size * random.between(-0.05, 0.05),
    radius: (angle) =>
      waves.reduce(
        (sum, { frequency, phase, amplitude }) =>
          sum + mean * amplitude * Math.sin(frequency * angle + phase),
        mean,
      ),
  };
}

/**
 * Draws a blob whose edge goes from 1 to 0 over a given width.
 *
 * @param softness - standard deviation of the blur of the edge, in pixels; 0 for one that is only
 *   antialiased
 */
export function drawBlob({ width, height, data }: AlphaPlane, blob: Blob, softness: number): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x + 0.5 - blob.x, y + 0.5 - blob.y];
      const angle = Math.atan2(dy, dx);
      // Along the ray, not across the outline; close enough, as outlines are nearly round.
      const outside = Math.hypot(dx, dy) - blob.radius(angle);
      const coverage =
        softness === 0
          ? Math.min(1, Math.max(0, 0.5 - outside))
          : 1 / (1 + Math.exp((1.702 * outside) / softness));
      const i = y * width + x;
      data[i] = 1 - (1 - data[i]!) * (1 - coverage);
    }
  }
}

/** How strands grow from a blob. */
export interface StrandOptions {
  readonly count: number;
  /** In pixels; strands taper to a third of it. May be below 1: then they cover as much less. */
  readonly strandWidth: number;
  /** Mean length beyond the outline, in pixels. */
  readonly length: number;
  /** How much strands bend and lean, 0 to 1. */
  readonly curl: number;
}

/** Draws strands of hair or fur that grow from the outline of a blob. */
export function drawStrands(
  plane: AlphaPlane,
  blob: Blob,
  { count, strandWidth, length, curl }: StrandOptions,
  random: RandomStream,
): void {
  const steps = 24;
  for (let strand = 0; strand < count; strand++) {
    const angle = random.between(0, 2 * Math.PI);
    const reach = length * random.between(0.3, 1.7);
    const lean = curl * random.between(-1, 1);
    const bend = curl * random.between(-2, 2);
    const base = blob.radius(angle) - 3 - strandWidth;
    const points: [x: number, y: number][] = [];
    let [x, y] = [blob.x + base * Math.cos(angle), blob.y + base * Math.sin(angle)];
    let direction = angle + lean;
    for (let step = 0; step <= steps; step++) {
      points.push([x, y]);
      x += ((reach + 3) / steps) * Math.cos(direction);
      y += ((reach + 3) / steps) * Math.sin(direction);
      direction += bend / steps;
    }
    drawStrand(plane, points, strandWidth);
  }
}

function drawStrand(
  { width, height, data }: AlphaPlane,
  points: readonly (readonly [x: number, y: number])[],
  strandWidth: number,
): void {
  const margin = strandWidth / 2 + 1;
  const left = Math.max(0, Math.floor(Math.min(...points.map(([x]) => x)) - margin));
  const right = Math.min(width, Math.ceil(Math.max(...points.map(([x]) => x)) + margin));
  const top = Math.max(0, Math.floor(Math.min(...points.map(([, y]) => y)) - margin));
  const bottom = Math.min(height, Math.ceil(Math.max(...points.map(([, y]) => y)) + margin));
  if (right <= left || bottom <= top) return;
  const [across, down] = [right - left, bottom - top];
  const coverage = new Float32Array(across * down);
  const last = points.length - 1;
  for (let i = 0; i < last; i++) {
    const [ax, ay] = points[i]!;
    const [bx, by] = points[i + 1]!;
    const lengthSquared = (bx - ax) ** 2 + (by - ay) ** 2;
    const fromX = Math.max(left, Math.floor(Math.min(ax, bx) - margin));
    const toX = Math.min(right, Math.ceil(Math.max(ax, bx) + margin));
    const fromY = Math.max(top, Math.floor(Math.min(ay, by) - margin));
    const toY = Math.min(bottom, Math.ceil(Math.max(ay, by) + margin));
    for (let y = fromY; y < toY; y++) {
      for (let x = fromX; x < toX; x++) {
        const along = ((x + 0.5 - ax) * (bx - ax) + (y + 0.5 - ay) * (by - ay)) / lengthSquared;
        const t = Math.min(1, Math.max(0, along));
        const distance = Math.hypot(x + 0.5 - ax - t * (bx - ax), y + 0.5 - ay - t * (by - ay));
        const here = strandWidth * (1 - (2 / 3) * ((i + t) / last));
        // A box one pixel wide over a line of this width.
        const covered = Math.min(1, here, Math.max(0, here / 2 + 0.5 - distance));
        const at = (y - top) * across + x - left;
        coverage[at] = Math.max(coverage[at]!, covered);
      }
    }
  }
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const at = (top + y) * width + left + x;
      data[at] = 1 - (1 - data[at]!) * (1 - coverage[y * across + x]!);
    }
  }
}
