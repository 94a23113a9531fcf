import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { RgbaImage } from 'samgpu';

import { useSession, useStudio } from '../app/studio-context.ts';
import { composeDocument, previewDocument, type StudioDocument } from '../files/index.ts';
import { currentDocument } from '../state/current-document.ts';
import type { Picture } from '../state/picture.ts';
import { useStore } from '../state/store.ts';
import { PictureLayer } from './PictureLayer.tsx';

/** Longest side of what is shown: enough for a screen, and quick. */
const LONGEST = 1400;

/** The picture as it will be, with its new background, while that is being chosen. */
export function Result(): ReactNode {
  const studio = useStudio();
  const { tab } = useStore(studio.interface.panel);
  const { kind } = useStore(studio.background);
  return tab === 'background' && kind !== 'original' ? <Composed /> : null;
}

interface Scaled {
  readonly picture: Picture;
  readonly document: StudioDocument;
}

function Composed(): ReactNode {
  const studio = useStudio();
  const background = useStore(studio.background);
  const picture = useStore(studio.picture);
  const { objects } = useSession();
  const [scaled, setScaled] = useState<Scaled | null>(null);
  // That of another picture may still be there for a moment.
  const small = scaled?.picture === picture ? scaled?.document : undefined;
  const [shown, setShown] = useState<RgbaImage | null>(null);

  useEffect(() => {
    const document = currentDocument(studio);
    // Scaling is what takes long, and need not be done for each shade of a colour.
    if (document === null || picture === null) return undefined;
    const stop = new AbortController();
    const plain: StudioDocument = { ...document, background: { kind: 'original' } };
    previewDocument(plain, LONGEST, stop).then(
      (document) => setScaled({ picture, document }),
      () => undefined,
    );
    return () => stop.abort();
  }, [studio, objects, picture]);

  useEffect(() => {
    if (small === undefined || picture === null) return undefined;
    const scale = small.image.width / picture.image.width;
    const stop = new AbortController();
    composeDocument(
      {
        ...small,
        background:
          background.kind === 'blur'
            ? { ...background, radius: background.radius * scale }
            : background,
      },
      { signal: stop.signal },
    ).then(setShown, () => undefined);
    return () => stop.abort();
  }, [small, background, picture]);

  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      if (shown === null) return;
      canvas.width = shown.width;
      canvas.height = shown.height;
      canvas
        .getContext('2d')
        ?.putImageData(new ImageData(shown.data, shown.width, shown.height), 0, 0);
    },
    [shown],
  );
  if (shown === null || picture === null) return null;
  const { width, height } = picture.image;
  return <PictureLayer className="result" width={width} height={height} draw={draw} />;
}
