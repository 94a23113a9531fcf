import { openCamera } from './camera.browser.ts';
import type { VideoInput } from './frame-source.ts';
import { openDirectory, openFileList } from './image-folder.browser.ts';
import { openMediaFile } from './media-file.browser.ts';
import type { Video, VideoOptions } from './video.ts';
import { openVideoElement } from './video-element.browser.ts';
import { VideoError } from './video-error.ts';

/** Opens whatever a browser has a video in. @throws VideoError */
export async function openVideo(input: VideoInput, options: VideoOptions = {}): Promise<Video> {
  const { signal } = options;
  signal?.throwIfAborted();
  const className = Object.prototype.toString.call(input).slice('[object '.length, -1);
  switch (className) {
    case 'File':
      return openMediaFile(input as File, (input as File).name, signal);
    case 'Blob':
      return openMediaFile(input as Blob, 'The Blob', signal);
    case 'URL':
    case 'String': {
      const address = new URL(input as URL | string, globalThis.location?.href).href;
      return openMediaFile(address, address.slice(0, 200), signal);
    }
    case 'HTMLVideoElement':
      return openVideoElement(input as HTMLVideoElement, options);
    case 'FileList':
      return openFileList(input as FileList);
    case 'FileSystemDirectoryHandle':
      return openDirectory(input as FileSystemDirectoryHandle);
    default:
      if (/^(MediaStream|\w*MediaStreamTrack)$/.test(className)) {
        return openCamera(input as MediaStream | MediaStreamTrack);
      }
      throw new VideoError(
        'unsupported-source',
        `A ${className} is no video in a browser; give a File, Blob or URL, a <video> element, a ` +
          'MediaStream, or images.',
      );
  }
}
