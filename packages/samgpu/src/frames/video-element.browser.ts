import { eventOf } from './event-wait.browser.ts';
import { LiveFrames } from './live-frames.browser.ts';
import type { Video, VideoOptions } from './video.ts';
import { VideoError } from './video-error.ts';

const USUAL_RATE = 30;

/**
 * The frames of a `<video>` element. One that can be sought in is stopped and gone through at the frame rate
 * of the options; one that cannot, such as a broadcast, gives its frames as they are shown.
 *
 * @throws VideoError
 */
export async function openVideoElement(
  video: HTMLVideoElement,
  { frameRate = USUAL_RATE, signal }: VideoOptions,
): Promise<Video> {
  if (!(frameRate > 0 && Number.isFinite(frameRate))) {
    throw new VideoError(
      'unsupported-source',
      `The frame rate is ${frameRate}; wanted one above 0.`,
    );
  }
  if (video.error === null && video.readyState < video.HAVE_METADATA) {
    if (video.preload === 'none') video.load();
    await eventOf(video, ['loadedmetadata', 'error'], signal);
  }
  refuseBroken(video);
  if (video.videoWidth === 0) {
    throw new VideoError('no-frames', 'The video element has sound and no pictures.');
  }
  return Number.isFinite(video.duration)
    ? seekableElement(video, frameRate)
    : new LiveFrames(() => shownFrame(video));
}

function refuseBroken(video: HTMLVideoElement): void {
  if (video.error === null) return;
  throw new VideoError(
    'undecodable',
    `The video element does not play ${video.currentSrc.slice(0, 200)}: ${video.error.message}`,
  );
}

function seekableElement(video: HTMLVideoElement, frameRate: number): Video {
  video.pause();
  const count = Math.max(1, Math.floor(video.duration * frameRate + 1e-3));
  let last: ImageBitmap | undefined;
  let lastFrame = -1;
  let queue: Promise<unknown> = Promise.resolve();
  const read = async (frame: number, signal?: AbortSignal): Promise<ImageBitmap | undefined> => {
    signal?.throwIfAborted();
    if (frame >= count) return undefined;
    if (frame === lastFrame) return last;
    // In the middle of its time, so that rounding does not matter.
    const painted = nextPaint(video);
    video.currentTime = Math.min((frame + 0.5) / frameRate, video.duration);
    await eventOf(video, ['seeked', 'error'], signal);
    refuseBroken(video);
    await painted;
    const bitmap = await capture(video);
    last?.close();
    [last, lastFrame] = [bitmap, frame];
    return bitmap;
  };
  const close = (): void => {
    last?.close();
    [last, lastFrame] = [undefined, -1];
  };
  return {
    count,
    expectedCount: count,
    frameRate,
    read(frame, signal) {
      const reading = queue.then(() => read(frame, signal));
      queue = reading.catch(() => undefined);
      return reading;
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** Milliseconds after which nothing new is painted any more: it is the same frame, or the page is hidden. */
const PATIENCE = 250;
const ATTEMPTS = 20;

/** The event `seeked` may come before the picture. */
function nextPaint(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    video.requestVideoFrameCallback(() => resolve());
    const begin = (): unknown => setTimeout(resolve, PATIENCE);
    video.addEventListener('seeked', begin, { once: true });
    video.addEventListener('error', () => resolve(), { once: true });
  });
}

async function capture(video: HTMLVideoElement): Promise<ImageBitmap> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await createImageBitmap(video);
    } catch (error) {
      const isLate = error instanceof DOMException && error.name === 'InvalidStateError';
      if (!isLate || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PATIENCE / 5));
    }
  }
}

/** The frame that an element shows next; undefined when it has ended. */
export async function shownFrame(video: HTMLVideoElement): Promise<ImageBitmap | undefined> {
  if (video.ended) return undefined;
  if (video.paused) await video.play();
  const shown = new Promise<true>((resolve) => {
    video.requestVideoFrameCallback(() => resolve(true));
  });
  const event = await Promise.race([shown, eventOf(video, ['ended', 'error'])]);
  if (event === 'ended') return undefined;
  refuseBroken(video);
  return capture(video);
}
