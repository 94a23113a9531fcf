import './bar.css';

import type { ReactNode } from 'react';
import { Label, ProgressBar } from 'react-aria-components';

interface BarProps {
  readonly label: string;
  /** From 0 to 1; undefined where nobody knows how long it will take. */
  readonly share: number | undefined;
  /** What is said beside it, for example an amount. */
  readonly detail?: string | undefined;
}

/** How far something has come. */
export function Bar({ label, share, detail }: BarProps): ReactNode {
  const known = share === undefined ? { isIndeterminate: true } : { value: share * 100 };
  return (
    <ProgressBar className="bar" {...known}>
      <Label>{label}</Label>
      {detail !== undefined && <span className="bar-detail">{detail}</span>}
      <div className="bar-track">
        <div
          className={share === undefined ? 'bar-fill bar-unknown' : 'bar-fill'}
          style={share === undefined ? {} : { width: `${Math.min(1, share) * 100}%` }}
        />
      </div>
    </ProgressBar>
  );
}
