import './background-panel.css';

import { Blend, Grid2x2X, ImageIcon, ImagePlus, PaintBucket } from 'lucide-react';
import type { ReactNode } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';

import { useSession, useStudio } from '../app/studio-context.ts';
import type { Background } from '../files/index.ts';
import { useStore } from '../state/store.ts';
import { Button } from '../ui/Button.tsx';
import { hexOf, rgbOf } from '../ui/color.ts';
import { Range } from '../ui/Range.tsx';
import { Setting } from '../ui/Setting.tsx';
import { ColorChoice } from './ColorChoice.tsx';

type Kind = Background['kind'];

const kinds: readonly { readonly key: Kind; readonly label: string; readonly icon: ReactNode }[] = [
  { key: 'original', label: 'Original', icon: <ImageIcon size={18} /> },
  { key: 'transparent', label: 'None', icon: <Grid2x2X size={18} /> },
  { key: 'color', label: 'Colour', icon: <PaintBucket size={18} /> },
  { key: 'blur', label: 'Blur', icon: <Blend size={18} /> },
  { key: 'picture', label: 'Picture', icon: <ImagePlus size={18} /> },
];

/** What lies behind the objects that were kept. */
export function BackgroundPanel(): ReactNode {
  const studio = useStudio();
  const background = useStore(studio.background);
  const picture = useStore(studio.picture);
  const { objects } = useSession();
  if (picture === null) return null;
  const longest = Math.max(picture.image.width, picture.image.height);
  const choose = (kind: Kind): void => {
    switch (kind) {
      case 'color':
        studio.background.set({ kind, color: [255, 255, 255] });
        break;
      case 'blur':
        studio.background.set({ kind, radius: Math.max(2, Math.round(longest / 60)) });
        break;
      case 'picture':
        studio.pickBackground();
        break;
      default:
        studio.background.set({ kind });
    }
  };
  return (
    <>
      {objects.length === 0 && (
        <p className="panel-note">
          Keep an object first: what is not part of one gives way to the new background.
        </p>
      )}
      <ToggleButtonGroup
        className="backgrounds"
        aria-label="Background"
        selectionMode="single"
        disallowEmptySelection
        isDisabled={objects.length === 0}
        selectedKeys={[background.kind]}
        onSelectionChange={([key]) => choose(key as Kind)}
      >
        {kinds.map(({ key, label, icon }) => (
          <ToggleButton key={key} id={key} className="background-kind">
            {icon}
            {label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {background.kind === 'color' && (
        <ColorChoice
          color={hexOf(background.color)}
          onChange={(color) => studio.background.set({ kind: 'color', color: rgbOf(color) })}
        />
      )}
      {background.kind === 'blur' && (
        <Range
          label="Blur"
          value={background.radius}
          onChange={(radius) => studio.background.set({ kind: 'blur', radius })}
          min={1}
          max={Math.max(20, Math.round(longest / 12))}
          unit=" px"
        />
      )}
      {background.kind === 'picture' && (
        <>
          <Setting
            label="Fit"
            segments={[
              { key: 'cover', label: 'Fill' },
              { key: 'contain', label: 'All of it' },
            ]}
            value={background.fit}
            onChange={(fit) => studio.background.set({ ...background, fit })}
          />
          <Button onPress={() => studio.pickBackground()}>
            <ImagePlus size={16} />
            Another picture
          </Button>
        </>
      )}
      {background.kind !== 'original' && (
        <p className="panel-note">
          The result is shown while this tab is open. Export it as a picture or in layers.
        </p>
      )}
    </>
  );
}
