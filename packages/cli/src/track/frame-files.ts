import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { encodeLabelPng } from '@samgpu/document';
import { decodeRle, fromCompressedRle, type ImageInput, type Size } from 'samgpu';

import type { OutputFolder } from '../outputs/output-folder.ts';
import { writeColors, writeMask } from '../outputs/write-png.ts';
import { drawFrame } from './draw-frame.ts';
import type { TrackedFrameResult, TrackedMask } from './frame-record.ts';
import type { TrackRequest } from './track-request.ts';

/** Writes what each frame has files of its own for. */
export class FrameFiles {
  readonly #folder: OutputFolder;
  readonly #request: TrackRequest;
  readonly #name: (frame: number) => string;

  /** @param name - what a frame's files are called, without their ending */
  constructor(folder: OutputFolder, request: TrackRequest, name: (frame: number) => string) {
    this.#folder = folder;
    this.#request = request;
    this.#name = name;
  }

  /** @param read - gives the picture */
  async write(
    frame: number,
    objects: readonly TrackedMask[],
    size: Size,
    read: () => Promise<ImageInput>,
  ): Promise<TrackedFrameResult['files']> {
    const { stem, formats, video, maxPixels } = this.#request;
    const file = `${this.#name(frame)}.png`;
    const masks: string[] = [];
    if (formats.includes('masks')) {
      for (const { object, rle } of objects) {
        const place = join(`${stem}.masks`, String(object).padStart(3, '0'), file);
        const bitmap = decodeRle(fromCompressedRle(rle));
        masks.push(await this.#folder.write(place, (path) => writeMask(path, bitmap)));
      }
    }
    const indexed: string[] = [];
    if (formats.includes('indexed')) {
      const blob = await encodeLabelPng({ ...size, objects });
      const png = new Uint8Array(await blob.arrayBuffer());
      const place = join(`${stem}.indexed`, file);
      indexed.push(await this.#folder.write(place, (path) => writeFile(path, png)));
    }
    const overlay: string[] = [];
    if (formats.includes('overlay') && video === undefined) {
      const { drawn, isOpaque } = await drawFrame(await read(), objects, maxPixels);
      const place = join(`${stem}.overlay`, file);
      overlay.push(await this.#folder.write(place, (path) => writeColors(path, drawn, isOpaque)));
    }
    return {
      ...(masks.length > 0 && { masks }),
      ...(indexed.length > 0 && { indexed }),
      ...(overlay.length > 0 && { overlay }),
    };
  }
}
