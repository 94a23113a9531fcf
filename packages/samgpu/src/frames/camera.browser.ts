import { LiveFrames } from './live-frames.browser.ts';
import type { Video } from './video.ts';
import { shownFrame } from './video-element.browser.ts';
import { VideoError } from './video-error.ts';

/** Not in every browser, and not everywhere in those that have it. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}

type TrackProcessorClass = new (options: {
  readonly track: MediaStreamTrack;
  readonly maxBufferSize: number;
}) => TrackProcessor;

/** The frames of a camera, a shared screen or a canvas: those that come when one is asked for. */
export async function openCamera(stream: MediaStream | MediaStreamTrack): Promise<Video> {
  const track = 'getVideoTracks' in stream ? stream.getVideoTracks()[0] : stream;
  if (track?.kind !== 'video') {
    throw new VideoError('no-frames', 'The stream has no video track; ask for { video: true }.');
  }
  const { MediaStreamTrackProcessor: Processor } = globalThis as {
    readonly MediaStreamTrackProcessor?: TrackProcessorClass;
  };
  if (Processor !== undefined) {
    // One frame waits; where it is not taken, the next one takes its place.
    const reader = new Processor({ track, maxBufferSize: 1 }).readable.getReader();
    return new LiveFrames(
      async () => (await reader.read()).value,
      () => void reader.cancel().catch(() => undefined),
    );
  }
  if (!('document' in globalThis)) {
    throw new VideoError(
      'missing-decoder',
      'This browser gives frames of a stream in pages only, not in workers; open it in the page.',
    );
  }
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  return new LiveFrames(
    async () => (track.readyState === 'ended' ? undefined : shownFrame(video)),
    () => {
      video.srcObject = null;
    },
  );
}
