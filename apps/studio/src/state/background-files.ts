import type { PixelSource } from '@samgpu/mask';
import { readImage } from 'samgpu';

import { type KeptFile, keptFileName } from '../files/store/kept-files.ts';
import type { Background } from '../files/studio-document.ts';
import { pngOf } from './picture.ts';
import type { SavedBackground } from './saved-work.ts';

/** The files of pictures that lie behind objects, as they are kept. */
export class BackgroundFiles {
  readonly #files = new WeakMap<PixelSource, KeptFile>();

  /** Reads a picture, and keeps the file that it came from rather than its pixels. @throws ImageError */
  async open(file: Blob, name: string = keptFileName()): Promise<PixelSource> {
    const picture = await readImage(file);
    this.#files.set(picture, { name, content: () => Promise.resolve(file) });
    return picture;
  }

  /** A background as it is saved, with the file that it refers to. */
  save(background: Background): {
    readonly background: SavedBackground;
    readonly files: readonly KeptFile[];
  } {
    if (background.kind !== 'picture') return { background, files: [] };
    const { picture, ...rest } = background;
    const file = this.#fileOf(picture);
    return { background: { ...rest, file: file.name }, files: [file] };
  }

  /**
   * @param read - what was kept under a name
   * @throws where the picture is not there whole
   */
  async restore(
    saved: SavedBackground,
    read: (name: string) => Promise<Blob | undefined>,
  ): Promise<Background> {
    if (saved.kind !== 'picture') return saved;
    const { file: name, ...rest } = saved;
    const file = await read(name);
    if (file === undefined) {
      throw new Error('The browser did not keep it. Choose it again.');
    }
    return { ...rest, picture: await this.open(file, name) };
  }

  /** Of a picture that came as pixels, in a project, a PNG. */
  #fileOf(picture: PixelSource): KeptFile {
    let file = this.#files.get(picture);
    if (file === undefined) {
      file = { name: keptFileName(), content: () => pngOf(picture) };
      this.#files.set(picture, file);
    }
    return file;
  }
}
