import './adjust.css';

import { Expand, Feather, PaintBucket, Shrink, Trash, Waves, Contrast } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { MaskEdit } from '@samgpu/session';

import { useSession, useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { Range } from '../ui/Range.tsx';
import { RefineEdges } from './RefineEdges.tsx';

type SizedKind = 'grow' | 'shrink' | 'feather' | 'smooth';

const sized: readonly {
  readonly kind: SizedKind;
  readonly label: string;
  readonly icon: ReactNode;
}[] = [
  { kind: 'grow', label: 'Grow', icon: <Expand size={15} /> },
  { kind: 'shrink', label: 'Shrink', icon: <Shrink size={15} /> },
  { kind: 'smooth', label: 'Smooth', icon: <Waves size={15} /> },
  { kind: 'feather', label: 'Feather', icon: <Feather size={15} /> },
];

/** Changes to what is drafted, or else to the selected object. */
export function AdjustPanel(): ReactNode {
  const { session } = useStudio();
  const { draft, selected, objects } = useSession();
  const [amount, setAmount] = useState(4);
  const object = objects.find(({ id }) => id === selected);
  const isPossible = draft !== null || object !== undefined;
  const edit = (edit: MaskEdit): void => session.edit(edit);
  return (
    <>
      <p className="panel-note" aria-live="polite">
        {draft !== null
          ? 'Changes what was just found.'
          : object === undefined
            ? 'Click something, or choose an object, to change its edges.'
            : `Changes “${object.name}”.`}
      </p>
      <section className="panel-section" aria-labelledby="adjust-outline">
        <h3 id="adjust-outline">Outline</h3>
        <Range label="By" value={amount} onChange={setAmount} min={1} max={50} unit=" px" />
        <div className="adjust-grid">
          {sized.map(({ kind, label, icon }) => (
            <Button key={kind} isDisabled={!isPossible} onPress={() => edit({ kind, amount })}>
              {icon}
              {label}
            </Button>
          ))}
        </div>
      </section>
      <section className="panel-section" aria-labelledby="adjust-pieces">
        <h3 id="adjust-pieces">Pieces</h3>
        <div className="adjust-grid">
          <Button isDisabled={!isPossible} onPress={() => edit({ kind: 'fill-holes' })}>
            <PaintBucket size={15} />
            Fill holes
          </Button>
          <Button isDisabled={!isPossible} onPress={() => edit({ kind: 'drop-islands' })}>
            <Trash size={15} />
            Drop islands
          </Button>
          <Button isDisabled={!isPossible} onPress={() => edit({ kind: 'invert' })}>
            <Contrast size={15} />
            Invert
          </Button>
        </div>
      </section>
      <RefineEdges isPossible={isPossible} />
    </>
  );
}
