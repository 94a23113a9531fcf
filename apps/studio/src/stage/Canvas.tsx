import { type MouseEvent, type ReactNode, useEffect, useRef } from 'react';

import { useSession, useStudio } from '../app/studio-context.ts';
import { useStore } from '../state/store.ts';

/** The picture, with what was found tinted. */
export function Canvas(): ReactNode {
  const studio = useStudio();
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useStore(studio.picture);
  const { draft, objects } = useSession();
  const { label } = useStore(studio.tool);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === undefined || context === null || picture === null) return;
    const { width, height } = picture.bitmap;
    context.drawImage(picture.bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, width, height);
    const masks = objects.filter(({ visible }) => visible).map(({ mask }) => mask);
    for (const { data } of draft === null ? masks : [...masks, draft.mask]) {
      for (let at = 0; at < data.length; at++) {
        if (data[at] === 1) pixels.data[at * 4 + 1] = 128 + pixels.data[at * 4 + 1]! / 2;
      }
    }
    context.putImageData(pixels, 0, 0);
  }, [draft, objects, picture]);
  if (picture === null) return null;
  const { width, height } = picture.bitmap;
  const click = ({ nativeEvent, currentTarget }: MouseEvent<HTMLCanvasElement>): void => {
    const scale = width / currentTarget.clientWidth;
    const [x, y] = [nativeEvent.offsetX * scale, nativeEvent.offsetY * scale];
    studio.session.addPoint({ x, y, label });
  };
  return <canvas ref={canvas} width={width} height={height} onClick={click} />;
}
