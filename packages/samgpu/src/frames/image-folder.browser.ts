import { compareNames, isImageName } from './natural-order.ts';
import type { Video } from './video.ts';
import { VideoError } from './video-error.ts';

interface NamedFile {
  readonly name: string;
  open(): File | Promise<File>;
}

/** The images of an `<input type="file" webkitdirectory>`, or of one that takes several files. */
export function openFileList(list: FileList): Video {
  return openImages(
    Array.from(list, (file) => ({ name: file.webkitRelativePath || file.name, open: () => file })),
  );
}

/** The images of a folder, without those in folders in it. */
export async function openDirectory(directory: FileSystemDirectoryHandle): Promise<Video> {
  const files: NamedFile[] = [];
  for await (const [name, handle] of directory.entries()) {
    if (handle.kind === 'file') {
      files.push({ name, open: () => handle.getFile() });
    }
  }
  return openImages(files);
}

function openImages(all: readonly NamedFile[]): Video {
  const files = all
    .filter(({ name }) => isImageName(name.slice(name.lastIndexOf('/') + 1)))
    .sort((a, b) => compareNames(a.name, b.name));
  if (files.length === 0) {
    throw new VideoError('no-frames', 'The folder holds no images, and so no frames.');
  }
  const close = (): void => undefined;
  return {
    count: files.length,
    expectedCount: files.length,
    frameRate: undefined,
    names: files.map(({ name }) => name),
    read: (frame) => files[frame]?.open(),
    close,
    [Symbol.dispose]: close,
  };
}
