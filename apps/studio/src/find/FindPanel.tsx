import './find-panel.css';

import { Check, Sparkles } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { GridList, GridListItem } from 'react-aria-components';

import { useSession, useStudio } from '../app/studio-context.ts';
import { MaskThumbnail } from '../picture/MaskThumbnail.tsx';
import { Button } from '../ui/Button.tsx';
import { type Segment, Segmented } from '../ui/Segmented.tsx';
import { SearchProgress } from './SearchProgress.tsx';
import { TextSearch } from './TextSearch.tsx';

type Density = '12' | '24' | '32';

const densities: readonly Segment<Density>[] = [
  { key: '12', label: 'Coarse', hint: '144 points: large things, quick' },
  { key: '24', label: 'Medium', hint: '576 points' },
  { key: '32', label: 'Fine', hint: '1024 points: small things, too' },
];

/** Everything in the picture at once, or what words name, to pick from. */
export function FindPanel(): ReactNode {
  const studio = useStudio();
  const { session } = studio;
  const { everything, image, model } = useSession();
  const [density, setDensity] = useState<Density>('12');
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const found = everything?.found ?? [];
  const ids = found.filter(({ id }) => picked.has(id)).map(({ id }) => id);
  const isRunning = everything?.state === 'running';
  const isForWords = everything?.words !== undefined;
  return (
    <>
      <section className="panel-section" aria-labelledby="find-everything">
        <h3 id="find-everything">Everything in the picture</h3>
        <Segmented
          label="How closely to look"
          segments={densities}
          value={density}
          onChange={setDensity}
          isDisabled={isRunning}
        />
        {isRunning && !isForWords ? (
          <SearchProgress label={`${found.length} found`} />
        ) : (
          <Button
            look={found.length === 0 && !isForWords ? 'primary' : 'outlined'}
            isDisabled={image === null || model === null || isRunning}
            onPress={() => void studio.findEverything(Number(density))}
          >
            <Sparkles size={16} />
            {found.length === 0 || isForWords ? 'Find everything' : 'Look again'}
          </Button>
        )}
      </section>
      <TextSearch />
      {found.length > 0 && (
        <GridList
          className="found"
          aria-label="Found"
          layout="grid"
          selectionMode="multiple"
          selectionBehavior="toggle"
          items={found}
          selectedKeys={ids}
          onSelectionChange={(keys) =>
            setPicked(new Set(keys === 'all' ? found.map(({ id }) => id) : [...keys].map(String)))
          }
        >
          {({ id, mask, label }) => (
            <GridListItem
              id={id}
              className="found-item"
              textValue={label ?? `${Math.round(mask.score * 100)} percent sure`}
              onHoverStart={() => studio.interface.highlighted.set(id)}
              onHoverEnd={() => studio.interface.highlighted.set(null)}
            >
              <MaskThumbnail mask={mask} size={72} />
              {label !== undefined && <span className="found-label">{label}</span>}
              <span className="found-check" aria-hidden="true">
                <Check size={12} strokeWidth={3} />
              </span>
            </GridListItem>
          )}
        </GridList>
      )}
      {found.length > 0 && (
        <div className="found-actions">
          <Button
            look="primary"
            isDisabled={ids.length === 0}
            onPress={() => {
              session.take(...ids);
              setPicked(new Set());
            }}
          >
            <Check size={16} />
            {ids.length === 0 ? 'Keep' : `Keep ${ids.length}`}
          </Button>
          <Button onPress={() => setPicked(new Set(found.map(({ id }) => id)))}>All</Button>
          <Button isDisabled={ids.length === 0} onPress={() => setPicked(new Set())}>
            None
          </Button>
        </div>
      )}
    </>
  );
}
