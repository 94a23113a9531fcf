import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';

import { Hint, type HintPlacement } from './Hint.tsx';

interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'style'> {
  /** Read to those who do not see the icon, and shown to those who point at it. */
  readonly label: string;
  /** Key that does the same. */
  readonly shortcut?: string | undefined;
  readonly placement?: HintPlacement;
  readonly size?: 's' | 'm';
  readonly children: ReactNode;
}

export function IconButton({
  label,
  shortcut,
  placement = 'bottom',
  size = 'm',
  ...props
}: IconButtonProps): ReactNode {
  return (
    <Hint text={label} shortcut={shortcut} placement={placement}>
      <AriaButton
        {...props}
        aria-label={label}
        className={`button button-plain button-icon button-size-${size}`}
      />
    </Hint>
  );
}
