import { Ellipsis, Eye, EyeOff, GripVertical, Pencil, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button as AriaButton, GridListItem, MenuTrigger } from 'react-aria-components';
import type { SessionObject } from '@samgpu/session';

import { useStudio } from '../app/studio-context.ts';
import { MaskThumbnail } from '../picture/MaskThumbnail.tsx';
import { Choices } from '../ui/Choices.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { ColorButton } from './ColorButton.tsx';
import { NameField } from './NameField.tsx';

export function ObjectRow({ object }: { readonly object: SessionObject }): ReactNode {
  const { session } = useStudio();
  const [isRenaming, setRenaming] = useState(false);
  const { id, name, color, visible, mask } = object;
  const share = (100 * mask.area) / (mask.width * mask.height);
  return (
    <GridListItem id={id} textValue={name} className="object">
      <AriaButton slot="drag" className="object-grip" aria-label={`Move ${name}`}>
        <GripVertical size={14} />
      </AriaButton>
      <MaskThumbnail mask={mask} size={36} />
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
        <span className="object-detail">{share < 0.1 ? '< 0.1' : share.toFixed(1)} %</span>
      </div>
      <ColorButton name={name} color={color} onChange={(next) => session.recolorObject(id, next)} />
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
