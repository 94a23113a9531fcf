import './drop-target.css';

import { ImageDown } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';

import { folderAmong } from '../video/video-file.ts';
import type { Studio } from '../state/studio.ts';
import { useStudio } from './studio-context.ts';

/** Takes files that are dropped or pasted anywhere on the page. */
export function DropTarget({ children }: { readonly children: ReactNode }): ReactNode {
  const studio = useStudio();
  const [isOver, setOver] = useState(false);

  useEffect(() => {
    // Leaving one element for another inside of it is no leaving of the page.
    let depth = 0;
    const isFile = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes('Files') === true;
    const count = (change: number) => (event: DragEvent) => {
      if (!isFile(event)) return;
      depth = Math.max(0, depth + change);
      setOver(depth > 0);
    };
    const listeners = {
      dragenter: count(1),
      dragleave: count(-1),
      dragover: (event: DragEvent) => {
        if (isFile(event)) event.preventDefault();
      },
      drop: (event: DragEvent) => {
        if (!isFile(event)) return;
        event.preventDefault();
        depth = 0;
        setOver(false);
        if (event.dataTransfer !== null) void openDropped(studio, event.dataTransfer);
      },
    };
    const paste = (event: ClipboardEvent): void => {
      const file = event.clipboardData?.files[0];
      if (file === undefined || !file.type.startsWith('image/')) return;
      event.preventDefault();
      void studio.openFile(file, file.name === 'image.png' ? 'Pasted picture' : file.name);
    };
    const stop = new AbortController();
    const { signal } = stop;
    for (const [type, listener] of Object.entries(listeners)) {
      window.addEventListener(type as 'drop', listener, { signal });
    }
    window.addEventListener('paste', paste, { signal });
    return () => stop.abort();
  }, [studio]);

  return (
    <>
      {children}
      {isOver && (
        <div className="drop-target" aria-hidden="true">
          <ImageDown size={40} strokeWidth={1.5} />
          Drop a picture or a video
        </div>
      )}
    </>
  );
}

async function openDropped(studio: Studio, { items, files }: DataTransfer): Promise<void> {
  const folder = folderAmong(items);
  const found = await folder.catch(() => undefined);
  if (found !== undefined) studio.openVideo(found);
  // What is dropped is gone with the event; its files stay.
  else await studio.openFiles(files);
}
