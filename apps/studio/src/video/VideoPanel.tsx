import '../objects/objects-panel.css';
import '../panel/side-panel.css';

import { MousePointerClick, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { GridList } from 'react-aria-components';

import { Button } from '../ui/Button.tsx';
import { useVideo, useVideoStudio } from './video-context.ts';
import { VideoObjectRow } from './VideoObjectRow.tsx';

/** What is followed. */
export function VideoPanel(): ReactNode {
  const { session } = useVideoStudio();
  const { objects, selected } = useVideo();
  return (
    <aside className="side-panel video-panel" aria-label="Objects">
      <header className="video-panel-header">
        <h2>Objects</h2>
        <Button
          size="s"
          isDisabled={objects.length === 0 || selected === null}
          onPress={() => session.select(null)}
        >
          <Plus size={15} />
          New
        </Button>
      </header>
      <div className="panel-content">
        {objects.length === 0 ? (
          <div className="panel-empty">
            <MousePointerClick size={28} strokeWidth={1.5} />
            <strong>Nothing to follow yet</strong>
            <p>Click an object on any frame. A box or the lasso will do, too.</p>
          </div>
        ) : (
          <>
            <GridList
              className="objects"
              aria-label="Objects"
              selectionMode="single"
              selectionBehavior="replace"
              selectedKeys={selected === null ? [] : [selected]}
              onSelectionChange={(keys) => {
                const [key] = keys === 'all' ? [] : keys;
                session.select(key === undefined ? null : String(key));
              }}
            >
              {objects.map((object) => (
                <VideoObjectRow key={object.id} object={object} />
              ))}
            </GridList>
            <p className="panel-note" aria-live="polite">
              {selected === null
                ? 'The next click begins another object.'
                : 'Clicks correct the selected object on this frame.'}
            </p>
          </>
        )}
      </div>
    </aside>
  );
}
