import { parse } from 'node:path';
import type { Video } from 'samgpu';

/** What the files of frames are called. */
export interface FrameNames {
  /** Without an ending. */
  plain(frame: number): string;
  /** The picture, as lists of pictures call it. */
  picture(frame: number): string;
}

/** Images keep their names where those differ by more than their endings. */
export function frameNames({ names }: Video, stem: string): FrameNames {
  const stems = names?.map((name) => parse(name).name);
  const own =
    new Set(stems?.map((name) => name.toLowerCase())).size === names?.length ? stems : undefined;
  const plain = (frame: number): string => own?.[frame] ?? String(frame).padStart(5, '0');
  return {
    plain,
    picture: (frame) => names?.[frame] ?? `${stem}/${plain(frame)}.jpg`,
  };
}
