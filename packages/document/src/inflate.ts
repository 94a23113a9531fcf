import { DocumentError } from './document-error.ts';

/** Small pieces, so that what one of them unpacks to is small, too. */
const bytesPerPiece = 2 ** 16;

/**
 * Unpacks piece by piece, by the platform's own decompressor.
 *
 * What comes out is not limited here: whoever takes the pieces stops when they are too many, which
 * ends the unpacking.
 *
 * @param format - `deflate` is what PNG and PSD hold (RFC 1950), `deflate-raw` what zip holds (RFC 1951)
 * @throws DocumentError `damaged`
 */
export async function* inflate(
  parts: Iterable<Uint8Array>,
  format: CompressionFormat,
): AsyncGenerator<Uint8Array> {
  const packed = streamOf(piecesOf(parts));
  const reader = packed.pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw new DocumentError(
      'damaged',
      'Compressed data cannot be unpacked: it was damaged or cut off.',
      {
        cause,
      },
    );
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function* piecesOf(parts: Iterable<Uint8Array>): Generator<Uint8Array<ArrayBuffer>> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += bytesPerPiece) {
      // A copy, because the stream may take the buffer away.
      yield new Uint8Array(part.subarray(at, at + bytesPerPiece));
    }
  }
}

/**
 * Unpacks what is known to have a certain length.
 *
 * @throws DocumentError `damaged` for any other length
 */
export async function inflateExactly(
  packed: Uint8Array,
  byteLength: number,
  format: CompressionFormat,
): Promise<Uint8Array<ArrayBuffer>> {
  const result = new Uint8Array(byteLength);
  let done = 0;
  for await (const piece of inflate([packed], format)) {
    if (done + piece.length > byteLength) {
      throw new DocumentError(
        'damaged',
        `Compressed data unpacks to more than the ${byteLength} bytes that it should.`,
      );
    }
    result.set(piece, done);
    done += piece.length;
  }
  if (done < byteLength) {
    throw new DocumentError(
      'damaged',
      `Compressed data unpacks to ${done} bytes; wanted ${byteLength}. The file was cut off.`,
    );
  }
  return result;
}

/** Packs what is made piece by piece; only the result is held in memory. */
export async function deflate(
  pieces: Iterable<Uint8Array<ArrayBuffer>>,
  format: CompressionFormat,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const reader = streamOf(pieces).pipeThrough(new CompressionStream(format)).getReader();
  const packed: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return packed;
    packed.push(value);
  }
}

/** Pieces are made as they are asked for. */
function streamOf(
  pieces: Iterable<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = pieces[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}
