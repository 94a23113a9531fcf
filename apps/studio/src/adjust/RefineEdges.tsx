import './adjust.css';

import { WandSparkles } from 'lucide-react';
import { type ReactNode, useState } from 'react';

import { useSession, useStudio } from '../app/studio-context.ts';
import { Bar } from '../ui/Bar.tsx';
import { Button } from '../ui/Button.tsx';
import { type Segment, Segmented } from '../ui/Segmented.tsx';
import { BeforeAfter } from './BeforeAfter.tsx';

type Method = 'fast' | 'best';

const methods: readonly Segment<Method>[] = [
  { key: 'best', label: 'Best', hint: 'For hair and fur; takes longer' },
  { key: 'fast', label: 'Fast', hint: 'For soft and thin edges' },
];

/** Hair, fur and soft edges: how much of each pixel at the outline belongs to the object. */
export function RefineEdges({ isPossible }: { readonly isPossible: boolean }): ReactNode {
  const studio = useStudio();
  const { progress, model, draft, selected, objects } = useSession();
  const [method, setMethod] = useState<Method>('best');
  const isRefining = progress?.stage === 'matte';
  const canRefine = model?.capabilities.matte ?? false;
  const refined = draft ?? objects.find(({ id }) => id === selected);
  return (
    <section className="panel-section" aria-labelledby="adjust-refine">
      <h3 id="adjust-refine">Hair and soft edges</h3>
      <Segmented label="Method" segments={methods} value={method} onChange={setMethod} />
      {isRefining ? (
        <div className="refining">
          <Bar
            label="Refining"
            share={progress.total === undefined ? undefined : progress.loaded / progress.total}
          />
          <Button size="s" onPress={() => studio.session.cancel()}>
            Stop
          </Button>
        </div>
      ) : (
        <Button
          look="primary"
          isDisabled={!isPossible || !canRefine}
          onPress={() => void studio.refine({ method })}
        >
          <WandSparkles size={16} />
          Refine edges
        </Button>
      )}
      {refined?.alpha !== undefined && <BeforeAfter mask={refined.mask} alpha={refined.alpha} />}
    </section>
  );
}
