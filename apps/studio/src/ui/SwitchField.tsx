import './switch-field.css';

import type { ReactNode } from 'react';
import { Switch } from 'react-aria-components';

interface SwitchFieldProps {
  readonly label: string;
  /** What it means, below the label. */
  readonly detail: string;
  readonly isSelected: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isSelected: boolean) => void;
}

/** Something that is on or off. */
export function SwitchField({ label, detail, ...props }: SwitchFieldProps): ReactNode {
  return (
    <Switch {...props} className="switch">
      <span className="switch-text">
        {label}
        <small>{detail}</small>
      </span>
      <span className="switch-track" />
    </Switch>
  );
}
