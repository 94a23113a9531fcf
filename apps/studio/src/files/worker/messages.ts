import type { Background, ObjectMatte, PictureDocument } from '@samgpu/document';
import type { Box, PixelSource, Rle, RgbColor } from '@samgpu/mask';
import { Matte } from '@samgpu/matte';

import type { ExportOptions } from '../exporters.ts';
import type { FormatId } from '../format-names.ts';

/** A document as it goes to a worker: plain data. */
export interface PortableDocument {
  readonly name: string;
  readonly image: PixelSource;
  readonly objects: readonly PortableObject[];
  readonly background: Background | undefined;
}

export interface PortableObject {
  readonly id: string;
  readonly name: string;
  readonly color: RgbColor;
  readonly visible: boolean;
  readonly opacity: number | undefined;
  readonly rle: Rle;
  readonly score: number;
  readonly matte:
    | {
        readonly alpha: Uint8Array;
        readonly bounds: Box | undefined;
        /** `estimate`: it follows from alpha and picture, which is work for the worker. */
        readonly foreground: PixelSource | 'estimate' | undefined;
      }
    | undefined;
}

/** What a worker is asked to write. */
export interface WriteRequest {
  readonly format: FormatId;
  readonly document: PortableDocument;
  readonly options: ExportOptions;
}

/** What it answers; `ready` comes first. */
export type WriteAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'written'; readonly blob: Blob }
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string };

/** Pixels as plain data: what a platform wraps them in may not go to a worker. */
function portablePixels({ width, height, channels = 4, data }: PixelSource): PixelSource {
  return { width, height, channels, data };
}

export function portableDocument({
  name,
  image,
  objects,
  background,
}: PictureDocument): PortableDocument {
  return {
    name,
    image: portablePixels(image),
    background:
      background?.kind === 'picture'
        ? { ...background, picture: portablePixels(background.picture) }
        : background,
    objects: objects.map(({ id, name, color, visible, opacity, mask, matte }) => {
      return {
        id,
        name,
        color,
        visible,
        opacity,
        rle: mask.toRle(),
        score: mask.score,
        matte: matte && {
          alpha: matte.alpha,
          bounds: matte.bounds,
          foreground: portableForeground(matte),
        },
      };
    }),
  };
}

function portableForeground(matte: ObjectMatte): PixelSource | 'estimate' | undefined {
  if (matte instanceof Matte) return 'estimate';
  const clean = matte.foreground?.({ crop: matte.bounds !== undefined });
  return clean && portablePixels(clean);
}
