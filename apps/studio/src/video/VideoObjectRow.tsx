import { Ellipsis, Eraser, Eye, EyeOff, Pencil, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { GridListItem, MenuTrigger } from 'react-aria-components';
import type { VideoObject } from '@samgpu/session';

import { ColorButton } from '../objects/ColorButton.tsx';
import { NameField } from '../objects/NameField.tsx';
import { Choices } from '../ui/Choices.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { framesText } from './time-text.ts';
import { useVideo, useVideoStudio } from './video-context.ts';

export function VideoObjectRow({ object }: { readonly object: VideoObject }): ReactNode {
  const { session } = useVideoStudio();
  const { selected, prompts } = useVideo();
  const [isRenaming, setRenaming] = useState(false);
  const { id, name, color, visible } = object;
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
    <GridListItem id={id} textValue={name} className="object video-object">
      <ColorButton name={name} color={color} onChange={(next) => session.recolorObject(id, next)} />
      <div className="object-text">
        {isRenaming ? (
          <NameField
            name={name}
            onDone={(next) => {
              setRenaming(false);
              if (next !== null && next !== name) session.renameObject(id, next);
            }}
          />
        ) : (
          <span className="object-name" onDoubleClick={() => setRenaming(true)}>
            {name}
          </span>
        )}
        <span className="object-detail">{detail.join(', ')}</span>
      </div>
      <IconButton
        size="s"
        label={visible ? `Hide ${name}` : `Show ${name}`}
        onPress={() => session.setVisible(id, !visible)}
      >
        {visible ? <Eye size={16} /> : <EyeOff size={16} />}
      </IconButton>
      <MenuTrigger>
        <IconButton size="s" label={`More for ${name}`}>
          <Ellipsis size={16} />
        </IconButton>
        <Choices
          choices={[
            { label: 'Rename', icon: <Pencil size={16} />, run: () => setRenaming(true) },
            {
              label: 'Clear this frame’s prompts',
              icon: <Eraser size={16} />,
              isDisabled: selected !== id || prompts.length === 0,
              run: () => session.clearPrompts(),
            },
            {
              label: 'Delete',
              icon: <Trash2 size={16} />,
              isDanger: true,
              run: () => session.removeObject(id),
            },
          ]}
        />
      </MenuTrigger>
    </GridListItem>
  );
}
