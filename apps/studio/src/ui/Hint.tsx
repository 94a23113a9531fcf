import './hint.css';

import type { ReactNode } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components';

export type HintPlacement = 'top' | 'bottom' | 'left' | 'right';

interface HintProps {
  readonly text: string;
  readonly shortcut?: string | undefined;
  readonly placement?: HintPlacement;
  /** One control. */
  readonly children: ReactNode;
}

/** Says what a control is, when it is pointed at or focused. */
export function Hint({ text, shortcut, placement = 'bottom', children }: HintProps): ReactNode {
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      {children}
      <Tooltip className="hint" placement={placement} offset={8}>
        {text}
        {shortcut !== undefined && <kbd>{shortcut}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
