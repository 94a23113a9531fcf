import type { PixelImage } from '../image-source/pixel-image.ts';

/** A header ends within so many bytes: two numbers, a depth and what separates them. */
const LONGEST_HEADER = 64;
const HEADER = /^P6\s+(\d+)\s+(\d+)\s+255\s/;

/**
 * Takes pictures out of a stream of binary pixmaps, one after the other (`image2pipe` with `ppm`): the
 * one format of FFmpeg that says how large each picture is and is as it is decoded.
 *
 * @throws RangeError for anything else, and where the last picture ends early
 */
export async function* readPixmaps(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<PixelImage, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  const more = async (): Promise<boolean> => {
    const { done, value } = await iterator.next();
    if (done !== true) rest = joined(rest, value);
    return done !== true;
  };
  for (;;) {
    while (rest.length < LONGEST_HEADER && (await more()));
    if (rest.length === 0) {
      return;
    }
    const text = String.fromCharCode(...rest.subarray(0, LONGEST_HEADER));
    const header = HEADER.exec(text);
    if (header === null) {
      throw new RangeError(`got ${JSON.stringify(text.slice(0, 16))}, wanted a binary pixmap`);
    }
    const [width, height] = [Number(header[1]), Number(header[2])];
    const bytes = width * height * 3;
    const data = new Uint8Array(bytes);
    let filled = 0;
    rest = rest.subarray(header[0].length);
    // Written where it belongs as it comes: a picture is many chunks long.
    for (;;) {
      const part = rest.subarray(0, bytes - filled);
      data.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
      if (filled === bytes) break;
      if (!(await more())) {
        throw new RangeError(
          `a picture of ${width}x${height} ends after ${filled} of ${bytes} bytes`,
        );
      }
    }
    yield { width, height, channels: 3, data };
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) {
    return second;
  }
  const result = new Uint8Array(first.length + second.length);
  result.set(first);
  result.set(second, first.length);
  return result;
}
