import './choices.css';

import type { ReactNode } from 'react';
import { Menu, MenuItem, Popover } from 'react-aria-components';

export interface Choice {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly shortcut?: string | undefined;
  readonly isDisabled?: boolean;
  readonly isDanger?: boolean;
  readonly run: () => void;
}

/** What a button's menu offers. Goes into a `MenuTrigger`. */
export function Choices({ choices }: { readonly choices: readonly Choice[] }): ReactNode {
  return (
    <Popover className="choices-popover" placement="bottom end" offset={6}>
      <Menu className="choices" aria-label="Choices">
        {choices.map(({ label, icon, shortcut, isDisabled = false, isDanger = false, run }) => (
          <MenuItem
            key={label}
            className={isDanger ? 'choice choice-danger' : 'choice'}
            textValue={label}
            isDisabled={isDisabled}
            onAction={run}
          >
            <span className="choice-icon">{icon}</span>
            {label}
            {shortcut !== undefined && <kbd>{shortcut}</kbd>}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
