import type * as Mediabunny from 'mediabunny';

/**
 * How the sound of a video gets into a WebM film.
 *
 * - `none`: there is no sound
 * - `copied`: as it is, in the codecs of WebM
 * - `encoded`: anew, as Opus
 * - `lost`: not at all, as this browser cannot decode it or encode another
 */
export type SoundWay = 'none' | 'copied' | 'encoded' | 'lost';

/** Bits per second and channel: Opus is transparent to most ears from 64 kbit/s on. */
const BITRATE = 80_000;
/** What Opus is encoded at. */
const SAMPLE_RATE = 48_000;

interface FoundSound {
  readonly input: Mediabunny.Input;
  readonly track: Mediabunny.InputAudioTrack | null;
  readonly way: SoundWay;
}

async function findSound(library: typeof Mediabunny, file: Blob): Promise<FoundSound> {
  const { BlobSource, canEncodeAudio, Input, MATROSKA, MP4, MPEG_TS, QTFF, WEBM } = library;
  const formats = [MP4, QTFF, WEBM, MATROSKA, MPEG_TS];
  const input = new Input({ formats, source: new BlobSource(file) });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (track === null) return { input, track, way: 'none' };
    const codec = await track.getCodec();
    const isKept = codec === 'opus' || codec === 'vorbis';
    if (isKept && (await track.getDecoderConfig()) !== null) return { input, track, way: 'copied' };
    const numberOfChannels = Math.min(2, await track.getNumberOfChannels());
    const canEncode =
      (await track.canDecode()) &&
      (await canEncodeAudio('opus', { numberOfChannels, sampleRate: SAMPLE_RATE }));
    return { input, track, way: canEncode ? 'encoded' : 'lost' };
  } catch (error) {
    input.dispose();
    throw error;
  }
}

/** How a film of a video would come by its sound. */
export async function soundWay(file: Blob): Promise<SoundWay> {
  const { input, way } = await findSound(await import('mediabunny'), file);
  input.dispose();
  return way;
}

/** The sound of a film, written as far as its pictures are, so that nothing of it piles up. */
export class FilmSound {
  readonly #input: Mediabunny.Input;
  readonly #source: Mediabunny.AudioSource;
  /** Pieces from a time on, in seconds of the video. */
  readonly #pieces: (start: number) => AsyncGenerator<SoundPiece, void>;
  #rest: AsyncGenerator<SoundPiece, void> | undefined;
  #next: SoundPiece | undefined;
  #start = 0;

  private constructor(
    input: Mediabunny.Input,
    source: Mediabunny.AudioSource,
    pieces: (start: number) => AsyncGenerator<SoundPiece, void>,
  ) {
    this.#input = input;
    this.#source = source;
    this.#pieces = pieces;
  }

  /** Gives an output that was not started yet the sound of a video; undefined where that cannot be. */
  static async addTo(
    output: Mediabunny.Output,
    file: Blob,
    library: typeof Mediabunny,
  ): Promise<FilmSound | undefined> {
    const { input, track, way } = await findSound(library, file);
    if (track === null || way === 'lost' || way === 'none') {
      input.dispose();
      return undefined;
    }
    const made = way === 'copied' ? await copied(library, track) : await encoded(library, track);
    output.addAudioTrack(made.source);
    return new FilmSound(input, made.source, made.pieces);
  }

  /** Begins at that time of the video, which is 0 in the film. */
  begin(start: number): void {
    this.#start = start;
    this.#rest = this.#pieces(start);
  }

  /** Writes what is heard before that time of the video. */
  async upTo(time: number): Promise<void> {
    while (this.#rest !== undefined) {
      this.#next ??= (await this.#rest.next()).value ?? undefined;
      if (this.#next === undefined) {
        this.#rest = undefined;
        this.#source.close();
      } else if (this.#next.time < time) {
        const piece = this.#next;
        this.#next = undefined;
        await piece.write(Math.max(0, piece.time - this.#start));
      } else {
        return;
      }
    }
  }

  /** No more of it is wanted. */
  async close(): Promise<void> {
    this.#next?.drop?.();
    this.#next = undefined;
    await this.#rest?.return();
    if (this.#rest !== undefined) this.#source.close();
    this.#rest = undefined;
    this.#input.dispose();
  }
}

interface SoundPiece {
  /** In seconds of the video. */
  readonly time: number;
  /** @param at - in seconds of the film */
  write(at: number): Promise<void>;
  /** Frees what is not written. */
  drop?(): void;
}

interface SoundTrack {
  readonly source: Mediabunny.AudioSource;
  readonly pieces: (start: number) => AsyncGenerator<SoundPiece, void>;
}

async function copied(
  { EncodedAudioPacketSource, EncodedPacketSink }: typeof Mediabunny,
  track: Mediabunny.InputAudioTrack,
): Promise<SoundTrack> {
  const codec = (await track.getCodec())!;
  const decoderConfig = (await track.getDecoderConfig())!;
  const source = new EncodedAudioPacketSource(codec);
  const sink = new EncodedPacketSink(track);
  async function* pieces(start: number): AsyncGenerator<SoundPiece, void> {
    const first = (await sink.getPacket(start)) ?? (await sink.getFirstPacket());
    if (first === null) return;
    for await (const packet of sink.packets(first)) {
      const { timestamp, duration } = packet;
      if (timestamp + duration <= start) continue;
      yield {
        time: timestamp,
        write: (at) => source.add(packet.clone({ timestamp: at }), { decoderConfig }),
      };
    }
  }
  return { source, pieces };
}

async function encoded(
  { AudioSampleSink, AudioSampleSource, Quality }: typeof Mediabunny,
  track: Mediabunny.InputAudioTrack,
): Promise<SoundTrack> {
  const numberOfChannels = Math.min(2, await track.getNumberOfChannels());
  const source = new AudioSampleSource({
    codec: 'opus',
    quality: new Quality({ bitrate: BITRATE * numberOfChannels }),
    transform: { numberOfChannels, sampleRate: SAMPLE_RATE },
  });
  const sink = new AudioSampleSink(track);
  async function* pieces(start: number): AsyncGenerator<SoundPiece, void> {
    for await (const sample of sink.samples(start)) {
      yield {
        time: sample.timestamp,
        async write(at) {
          sample.setTimestamp(at);
          await source.add(sample);
          sample.close();
        },
        drop: () => sample.close(),
      };
    }
  }
  return { source, pieces };
}
