import './prompt-bar.css';

import { Check, CirclePlus, Combine, SquaresIntersect, SquaresSubtract, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { MaskOperation } from '@samgpu/session';

import { useSession, useStudio } from '../app/studio-context.ts';
import { MaskThumbnail } from '../picture/MaskThumbnail.tsx';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { type Segment, Segmented } from '../ui/Segmented.tsx';

const operations: readonly Segment<MaskOperation>[] = [
  { key: 'new', label: 'New', icon: <CirclePlus size={15} />, hint: 'A new object' },
  { key: 'add', label: 'Add', icon: <Combine size={15} />, hint: 'Add to the selected object' },
  {
    key: 'subtract',
    label: 'Subtract',
    icon: <SquaresSubtract size={15} />,
    hint: 'Take away from the selected object',
  },
  {
    key: 'intersect',
    label: 'Intersect',
    icon: <SquaresIntersect size={15} />,
    hint: 'Keep what both have of the selected object',
  },
];

/** What is there after a click: alternatives, how it meets the selected object, keep or drop it. */
export function PromptBar(): ReactNode {
  const studio = useStudio();
  const { session } = studio;
  const { draft, candidates, candidateIndex, operation, selected, state, pending } = useSession();
  const isPrompting = state === 'prompting' || state === 'committing';
  if (!isPrompting && draft === null) return null;
  return (
    <div className="prompt-bar" role="region" aria-label="What was found">
      {candidates.length > 1 && (
        <ToggleButtonGroup
          className="candidates"
          aria-label="Alternatives"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[String(candidateIndex)]}
          onSelectionChange={([key]) => session.chooseCandidate(Number(key))}
        >
          {candidates.map(({ mask }, index) => (
            <ToggleButton
              key={index}
              id={String(index)}
              className="candidate"
              aria-label={`Alternative ${index + 1}, ${Math.round(mask.score * 100)} percent sure`}
            >
              <MaskThumbnail mask={mask} size={44} />
              <span className="candidate-score">{Math.round(mask.score * 100)}</span>
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      )}
      {selected !== null && (
        <Segmented
          label="How it meets the selected object"
          segments={operations}
          value={operation}
          onChange={(next) => session.setOperation(next)}
          iconsOnly
        />
      )}
      <div className="prompt-actions">
        <IconButton label="Drop" shortcut="Esc" placement="top" onPress={() => session.cancel()}>
          <X size={18} />
        </IconButton>
        <Button
          look="primary"
          isDisabled={draft === null || pending || state === 'committing'}
          onPress={() => void studio.keep()}
        >
          <Check size={17} />
          Keep
          <kbd className="on-accent">↵</kbd>
        </Button>
      </div>
    </div>
  );
}
