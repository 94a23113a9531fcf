import { GripVertical } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { SessionObject } from '@samgpu/session';

import { useStudio } from '../app/studio-context.ts';
import { MaskThumbnail } from '../picture/MaskThumbnail.tsx';
import { ColorButton } from './ColorButton.tsx';
import { ObjectEntry } from './ObjectEntry.tsx';

export function ObjectRow({ object }: { readonly object: SessionObject }): ReactNode {
  const { session } = useStudio();
  const { id, name, color, mask } = object;
  const share = (100 * mask.area) / (mask.width * mask.height);
  return (
    <ObjectEntry
      className="object"
      object={object}
      session={session}
      detail={`${share < 0.1 ? '< 0.1' : share.toFixed(1)} %`}
      before={
        <>
          <AriaButton slot="drag" className="object-grip" aria-label={`Move ${name}`}>
            <GripVertical size={14} />
          </AriaButton>
          <MaskThumbnail mask={mask} size={36} />
        </>
      }
      after={
        <ColorButton
          name={name}
          color={color}
          onChange={(next) => session.recolorObject(id, next)}
        />
      }
    />
  );
}
