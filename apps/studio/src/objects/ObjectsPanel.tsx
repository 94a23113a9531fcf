import './objects-panel.css';

import { Combine, MousePointerClick, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { GridList, useDragAndDrop } from 'react-aria-components';

import { useSession, useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { ObjectRow } from './ObjectRow.tsx';

/** The objects that were kept, the topmost first. */
export function ObjectsPanel(): ReactNode {
  const { session } = useStudio();
  const { objects, selected } = useSession();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const present = objects.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const ids = present.length > 1 ? present : selected === null ? [] : [selected];
  const listed = objects.toReversed();

  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
    onReorder({ keys, target }) {
      const [moved] = [...keys].map(String);
      if (moved === undefined) return;
      const rest = listed.map(({ id }) => id).filter((id) => id !== moved);
      const at = rest.indexOf(String(target.key)) + (target.dropPosition === 'after' ? 1 : 0);
      // The list is drawn upside down: its first is the topmost, the session's last.
      session.reorderObject(moved, rest.length - at);
    },
  });

  if (objects.length === 0) return <NoObjects />;
  return (
    <>
      <GridList
        className="objects"
        aria-label="Objects"
        selectionMode="multiple"
        selectionBehavior="replace"
        disallowEmptySelection={false}
        selectedKeys={ids}
        onSelectionChange={(keys) => {
          const next = keys === 'all' ? objects.map(({ id }) => id) : [...keys].map(String);
          setChosen(new Set(next));
          session.select(next.at(-1) ?? null);
        }}
        items={listed}
        dragAndDropHooks={dragAndDropHooks}
      >
        {(object) => <ObjectRow object={object} />}
      </GridList>
      <div className="objects-actions">
        <Button size="s" isDisabled={ids.length < 2} onPress={() => session.mergeObjects(ids)}>
          <Combine size={15} />
          Merge
        </Button>
        <Button
          size="s"
          look="danger"
          isDisabled={ids.length === 0}
          onPress={() => {
            session.removeObject(...ids);
          }}
        >
          <Trash2 size={15} />
          Delete
        </Button>
      </div>
    </>
  );
}

function NoObjects(): ReactNode {
  return (
    <div className="panel-empty">
      <MousePointerClick size={28} strokeWidth={1.5} />
      <strong>Nothing kept yet</strong>
      <p>Click something in the picture, then keep it with Enter.</p>
    </div>
  );
}
