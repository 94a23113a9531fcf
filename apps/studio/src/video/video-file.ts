import type { VideoInput } from 'samgpu';

/** A video to be opened: a file, or a folder of images. */
export interface VideoFile {
  readonly name: string;
  readonly input: VideoInput;
}

const VIDEO_ENDING = /\.(mp4|m4v|mov|webm|mkv|ts|m2ts)$/i;

export const videoEndings = 'video/*,.mkv,.m2ts';

function isVideo({ type, name }: File): boolean {
  return type.startsWith('video/') || VIDEO_ENDING.test(name);
}

/** The video among files that were chosen or dropped; several images are one, too. */
export function videoAmong(files: FileList): VideoFile | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  if (isVideo(first)) return { name: first.name, input: first };
  const isSequence = files.length > 1 && Array.from(files).some(isImage);
  if (!isSequence) return undefined;
  const [folder] = first.webkitRelativePath.split('/');
  return { name: folder || `${files.length} pictures`, input: files };
}

function isImage({ type }: File): boolean {
  return type.startsWith('image/');
}

/** What Chromium has, and Safari. */
interface HandleItem {
  getAsFileSystemHandle(): Promise<FileSystemHandle | null>;
}

/** A folder that was dropped, where the browser tells. */
export async function folderAmong(items: DataTransferItemList): Promise<VideoFile | undefined> {
  const [item] = items as Iterable<DataTransferItem & Partial<HandleItem>>;
  const handle = await item?.getAsFileSystemHandle?.();
  if (handle?.kind !== 'directory') return undefined;
  return { name: handle.name, input: handle as FileSystemDirectoryHandle };
}

/** Why this browser cannot open video files, in words; undefined where it can. */
export function whyNoVideos({ input }: VideoFile): string | undefined {
  const isFile = input instanceof Blob;
  if (!isFile || 'VideoDecoder' in globalThis) return undefined;
  return isSecureContext
    ? 'This browser has no WebCodecs to decode videos with. Use a recent Chrome, Edge, Firefox or Safari, or open the frames as a folder of pictures.'
    : 'Browsers decode videos only on pages that come over HTTPS or from localhost. Open the Studio there, or open the frames as a folder of pictures.';
}
