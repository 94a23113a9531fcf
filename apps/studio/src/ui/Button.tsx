import './button.css';

import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'style'> {
  /** `primary`: the one thing to do next. `plain`: no border until it is pointed at. */
  readonly look?: 'primary' | 'outlined' | 'plain' | 'danger';
  readonly size?: 's' | 'm' | 'l';
  readonly children: ReactNode;
}

export function Button({ look = 'outlined', size = 'm', ...props }: ButtonProps): ReactNode {
  return <AriaButton {...props} className={`button button-${look} button-size-${size}`} />;
}
