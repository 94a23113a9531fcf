import { base64Parts, encodePng, scaleDocument } from '@samgpu/document';
import { type GroundedBox, type Grounder, GrounderError, type PixelImage } from 'samgpu';

import type { GroundQuestion } from './protocol.ts';
import { readLimited } from './read-limited.ts';

export interface HttpGrounderOptions {
  /** For people. @defaultValue the host of the address */
  readonly name?: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string;
  /**
   * Larger pictures are made smaller before they are sent, to this longer side in pixels; boxes come
   * back in pixels of the picture all the same. `Infinity` sends all of them.
   *
   * @defaultValue 1536: detectors look at 800 to 1333
   */
  readonly maxSide?: number;
  /** Milliseconds until it is given up. @defaultValue 120 000 */
  readonly timeout?: number;
  /** Most bytes of the picture as a file. @defaultValue 64 MiB */
  readonly maxPictureBytes?: number;
  /** Most bytes of an answer. @defaultValue 4 MiB */
  readonly maxAnswerBytes?: number;
}

/**
 * A detector behind HTTP: one POST for each search, of a `GroundQuestion`, to exactly this address.
 * Redirects are refused, as they could take the picture elsewhere; no cookies are sent.
 *
 * @param address - for example `http://127.0.0.1:9000/`
 * @throws GrounderError `invalid-option`
 */
export function httpGrounder(address: string | URL, options: HttpGrounderOptions = {}): Grounder {
  const url = addressOf(address);
  const {
    name = url.host,
    token,
    maxSide = 1536,
    timeout = 120_000,
    maxPictureBytes = 2 ** 26,
    maxAnswerBytes = 2 ** 22,
  } = options;
  for (const [option, value] of Object.entries({
    maxSide,
    timeout,
    maxPictureBytes,
    maxAnswerBytes,
  })) {
    if (!(value >= 1)) {
      throw new GrounderError('invalid-option', `${option} is ${value}; wanted 1 or more`);
    }
  }
  return {
    name,
    async ground(picture, words, { signal, minScore }) {
      const sent = smaller(picture, maxSide);
      const file = await encodePng(sent);
      if (file.size > maxPictureBytes) {
        throw new GrounderError(
          'too-large',
          `the picture is ${file.size} bytes as PNG, and ${name} may be sent ${maxPictureBytes}; lower ` +
            'maxSide, or raise maxPictureBytes',
        );
      }
      const { width, height } = sent;
      const data = base64Parts(new Uint8Array(await file.arrayBuffer())).join('');
      const question: GroundQuestion = {
        words,
        picture: { mediaType: 'image/png', width, height, data },
        ...(minScore !== undefined && { minScore }),
      };
      signal?.throwIfAborted();
      const text = await post(url, JSON.stringify(question), {
        name,
        token,
        timeout,
        maxAnswerBytes,
        signal,
      });
      return boxesIn(text, name, picture, sent);
    },
  };
}

interface PostOptions {
  readonly name: string;
  readonly token: string | undefined;
  readonly timeout: number;
  readonly maxAnswerBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** @returns the text of an answer that is well */
async function post(url: URL, body: string, options: PostOptions): Promise<string> {
  const { name, token, timeout, maxAnswerBytes, signal } = options;
  // Timers hold no more than 31 bits.
  const limit = AbortSignal.timeout(Math.min(Math.ceil(timeout), 2 ** 31 - 1));
  let response: Response;
  let text: string | undefined;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      body,
      signal: AbortSignal.any([limit, ...(signal ? [signal] : [])]),
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    });
    text = await readLimited(response, maxAnswerBytes);
  } catch (cause) {
    signal?.throwIfAborted();
    if (limit.aborted) {
      throw new GrounderError(
        'timeout',
        `${name} has not answered within ${timeout} ms; look at its log, or raise timeout`,
        { cause },
      );
    }
    throw new GrounderError(
      'unreachable',
      `${name} at ${url.origin} cannot be reached (${reasonOf(cause)}); start it, and check the address, that ` +
        'it does not redirect, and that it lets this page in',
      { cause },
    );
  }
  if (text === undefined) {
    throw new GrounderError(
      'too-large',
      `${name} answered with more than ${maxAnswerBytes} bytes; let it find less, or raise maxAnswerBytes`,
    );
  }
  if (!response.ok) {
    throw new GrounderError(
      'refused',
      `${name} answered with status ${response.status}: ${shortened(errorIn(text))}`,
    );
  }
  return text;
}

/** Boxes of an answer in pixels of the whole picture. What they hold is checked by who asked. */
function boxesIn(
  text: string,
  name: string,
  picture: PixelImage,
  sent: { readonly width: number; readonly height: number },
): GroundedBox[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw new GrounderError('invalid-answer', `${name} answered no JSON: ${shortened(text)}`, {
      cause,
    });
  }
  const boxes = typeof answer === 'object' && answer !== null && 'boxes' in answer && answer.boxes;
  if (!Array.isArray(boxes)) {
    throw new GrounderError(
      'invalid-answer',
      `${name} answered ${shortened(text)}; wanted { "boxes": [{ "box": { "x", "y", "width", "height" }, ` +
        '"score", "label" }] }',
    );
  }
  const across = picture.width / sent.width;
  const down = picture.height / sent.height;
  return boxes.map((one: unknown) => {
    if (typeof one !== 'object' || one === null || !('box' in one)) return one as GroundedBox;
    const { box } = one;
    if (typeof box !== 'object' || box === null) return one as GroundedBox;
    const { x, y, width, height } = box as GroundedBox['box'];
    return {
      ...(one as GroundedBox),
      box: {
        x: times(x, across),
        y: times(y, down),
        width: times(width, across),
        height: times(height, down),
      },
    };
  });
}

/** What is no number stays what it is, so that it is told of. */
function times(value: number, factor: number): number {
  return typeof value === 'number' ? value * factor : value;
}

function smaller(picture: PixelImage, maxSide: number): PixelImage {
  if (Math.max(picture.width, picture.height) <= maxSide) return picture;
  const { image } = scaleDocument({ name: '', image: picture, objects: [] }, maxSide);
  return { ...image, channels: image.channels ?? 4 };
}

/** @throws GrounderError `invalid-option` */
function addressOf(address: string | URL): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '') return url;
  throw new GrounderError(
    'invalid-option',
    `the address of a grounder is ${JSON.stringify(String(address))}; wanted http:// or https://, without a ` +
      'user name (a token is an option)',
  );
}

function errorIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error : text;
  } catch {
    return text;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
