import type * as Mediabunny from 'mediabunny';
import type { RgbaImage, Size } from '@samgpu/mask';

/** VP9, profile 0, up to 4096 x 2176. */
const CODEC = 'vp09.00.51.08';
/** Frames from one that stands for itself to the next. */
const KEY_DISTANCE = 50;
/** Frames that encoders may have waiting. */
const WAITING = 4;

export function transparentConfig({ width, height }: Size, frameRate: number): VideoEncoderConfig {
  const bitrate = Math.max(300_000, Math.round(width * height * frameRate * 0.15));
  return { codec: CODEC, width, height, framerate: frameRate, bitrate };
}

/**
 * Colours and transparency through an encoder each, as WebM keeps them. mediabunny would take frames
 * apart in a worker that it makes of a blob, which the page's policy forbids.
 */
export class TransparentFilm {
  readonly #library: Pick<typeof Mediabunny, 'EncodedPacket'>;
  readonly #source: Mediabunny.EncodedVideoPacketSource;
  readonly #colors: VideoEncoder;
  readonly #alpha: VideoEncoder;
  readonly #size: Size;
  readonly #pending: { color?: EncodedVideoChunk; alpha?: Uint8Array }[] = [];
  #meta: EncodedVideoChunkMetadata | undefined;
  #colorsDone = 0;
  #alphaDone = 0;
  #written = 0;
  #count = 0;
  #failure: Error | undefined;

  /** @param size - both sides even */
  constructor(
    library: Pick<typeof Mediabunny, 'EncodedPacket'>,
    source: Mediabunny.EncodedVideoPacketSource,
    size: Size,
    frameRate: number,
  ) {
    this.#library = library;
    this.#source = source;
    this.#size = size;
    const config = transparentConfig(size, frameRate);
    const error = (failure: Error): void => {
      this.#failure ??= failure;
    };
    this.#colors = new VideoEncoder({
      output: (chunk, meta) => {
        this.#meta ??= meta;
        this.#slot(this.#colorsDone++).color = chunk;
      },
      error,
    });
    this.#alpha = new VideoEncoder({
      output: (chunk) => {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        this.#slot(this.#alphaDone++).alpha = bytes;
      },
      error,
    });
    this.#colors.configure(config);
    this.#alpha.configure(config);
  }

  /** @param time - in seconds, as the duration */
  async add(image: RgbaImage, time: number, duration: number): Promise<void> {
    const times = { timestamp: Math.round(time * 1e6), duration: Math.round(duration * 1e6) };
    const keyFrame = this.#count % KEY_DISTANCE === 0;
    this.#count += 1;
    encode(this.#colors, colorFrame(image, this.#size, times), keyFrame);
    encode(this.#alpha, alphaFrame(image, this.#size, times), keyFrame);
    while (this.#failure === undefined && this.#waiting > WAITING) await nextTurn();
    await this.#write();
  }

  async finish(): Promise<void> {
    await Promise.all([this.#colors.flush(), this.#alpha.flush()]);
    await this.#write();
    this.close();
  }

  close(): void {
    for (const encoder of [this.#colors, this.#alpha]) {
      if (encoder.state !== 'closed') encoder.close();
    }
  }

  get #waiting(): number {
    return Math.max(this.#colors.encodeQueueSize, this.#alpha.encodeQueueSize);
  }

  /** Of a frame, by its number. */
  #slot(frame: number): { color?: EncodedVideoChunk; alpha?: Uint8Array } {
    const index = frame - this.#written;
    return (this.#pending[index] ??= {});
  }

  async #write(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    for (;;) {
      const [first] = this.#pending;
      if (first?.color === undefined || first.alpha === undefined) return;
      this.#pending.shift();
      this.#written += 1;
      const { color, alpha } = first;
      const packet = this.#library.EncodedPacket.fromEncodedChunk(color, { alpha });
      await this.#source.add(packet, this.#meta);
    }
  }
}

interface FrameTimes {
  readonly timestamp: number;
  readonly duration: number;
}

function encode(encoder: VideoEncoder, frame: VideoFrame, keyFrame: boolean): void {
  encoder.encode(frame, { keyFrame });
  frame.close();
}

function colorFrame({ width, data }: RgbaImage, size: Size, times: FrameTimes): VideoFrame {
  const pixels = new Uint8Array(size.width * size.height * 4);
  for (let y = 0; y < size.height; y++) {
    const row = data.subarray(y * width * 4, (y * width + size.width) * 4);
    pixels.set(row, y * size.width * 4);
  }
  return new VideoFrame(pixels, {
    ...times,
    format: 'RGBX',
    codedWidth: size.width,
    codedHeight: size.height,
  });
}

/** Alpha as brightness, without colour. */
function alphaFrame({ width, data }: RgbaImage, size: Size, times: FrameTimes): VideoFrame {
  const luma = size.width * size.height;
  const planes = new Uint8Array(luma * 1.5).fill(128, luma);
  for (let y = 0, at = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, at++) planes[at] = data[(y * width + x) * 4 + 3]!;
  }
  return new VideoFrame(planes, {
    ...times,
    format: 'I420',
    codedWidth: size.width,
    codedHeight: size.height,
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 4));
}
