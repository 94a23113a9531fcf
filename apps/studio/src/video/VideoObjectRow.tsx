import { Eraser } from 'lucide-react';
import type { ReactNode } from 'react';
import type { VideoObject } from '@samgpu/session';

import { ColorButton } from '../objects/ColorButton.tsx';
import { ObjectEntry } from '../objects/ObjectEntry.tsx';
import { framesText } from './time-text.ts';
import { useVideo, useVideoStudio } from './video-context.ts';

export function VideoObjectRow({ object }: { readonly object: VideoObject }): ReactNode {
  const { session } = useVideoStudio();
  const { selected, prompts } = useVideo();
  const { id, name, color } = object;
  const spans = session.coverageOf(id);
  const count = (isVisible: boolean): number =>
    spans
      .filter((span) => span.isVisible === isVisible)
      .reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const hidden = count(false);
  const detail = [
    spans.length === 0 ? 'not followed yet' : framesText(count(true)),
    hidden > 0 && `hidden in ${hidden}`,
  ].filter((text) => text !== false);
  return (
    <ObjectEntry
      className="object video-object"
      object={object}
      session={session}
      detail={detail.join(', ')}
      before={
        <ColorButton
          name={name}
          color={color}
          onChange={(next) => session.recolorObject(id, next)}
        />
      }
      choices={[
        {
          label: 'Clear this frame’s prompts',
          icon: <Eraser size={16} />,
          isDisabled: selected !== id || prompts.length === 0,
          run: () => session.clearPrompts(),
        },
      ]}
    />
  );
}
