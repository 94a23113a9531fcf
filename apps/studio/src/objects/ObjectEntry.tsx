import { Ellipsis, Eye, EyeOff, Pencil, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { GridListItem, MenuTrigger } from 'react-aria-components';
import type { Session, SessionObject } from '@samgpu/session';

import { type Choice, Choices } from '../ui/Choices.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { NameField } from './NameField.tsx';

interface ObjectEntryProps {
  readonly className: string;
  readonly object: Pick<SessionObject, 'id' | 'name' | 'visible'>;
  readonly session: Pick<Session, 'renameObject' | 'setVisible' | 'removeObject'>;
  /** Below the name. */
  readonly detail: string;
  readonly before: ReactNode;
  /** Between the name and the buttons. */
  readonly after?: ReactNode;
  /** What the menu offers besides renaming and deleting. */
  readonly choices?: readonly Choice[];
}

/** An object in a list: its name, which can be changed, whether it is shown, and a menu. */
export function ObjectEntry({
  className,
  object: { id, name, visible },
  session,
  detail,
  before,
  after,
  choices = [],
}: ObjectEntryProps): ReactNode {
  const [isRenaming, setRenaming] = useState(false);
  return (
    <GridListItem id={id} textValue={name} className={className}>
      {before}
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
        <span className="object-detail">{detail}</span>
      </div>
      {after}
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
            ...choices,
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
