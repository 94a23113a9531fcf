/** An endless clip, and objects on its first frame. */
import type { PixelImage, Track } from 'samgpu';

const SIZE = { width: 480, height: 270 };

/** Squares that move over a pattern, one for each object. */
function frameAt(frame: number): PixelImage {
  const { width, height } = SIZE;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const texture = 30 * Math.sin(x / 7) * Math.cos(y / 9);
      data.set([90 + texture, 110 + texture, 60 + (y % 64)], 3 * (y * width + x));
    }
  }
  for (let object = 0; object < 4; object++) {
    const { x, y } = placeOf(object, frame);
    const row = new Uint8Array(3 * 40).fill(200 - 40 * object);
    for (let line = y - 20; line < y + 20; line++) {
      data.set(row, 3 * (line * width + x - 20));
    }
  }
  return { ...SIZE, channels: 3, data };
}

function placeOf(object: number, frame: number): { x: number; y: number } {
  const x = 60 + 110 * object + Math.round(25 * Math.sin(frame / 11 + object));
  return { x, y: 130 + Math.round(60 * Math.cos(frame / 17 + object)) };
}

export async function* endlessClip(): AsyncGenerator<PixelImage> {
  for (let frame = 0; ; frame++) {
    yield frameAt(frame);
  }
}

/** A click on each of so many objects. */
export async function addObjects(track: Track, count: number): Promise<void> {
  for (let object = 0; object < count; object++) {
    await track.add({ frame: 0, object, points: [placeOf(object, 0)] });
  }
}
