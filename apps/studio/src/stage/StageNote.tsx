import type { ReactNode } from 'react';

import { Bar } from '../ui/Bar.tsx';
import { Button } from '../ui/Button.tsx';
import type { WorkText } from './work-text.ts';

interface StageWorkProps extends WorkText {
  /** Ends it, where that is possible. */
  readonly onCancel?: (() => void) | undefined;
}

/** What is being done, over the picture. */
export function StageWork({ onCancel, ...text }: StageWorkProps): ReactNode {
  return (
    <div className="stage-work" role="status">
      <Bar {...text} />
      {onCancel !== undefined && (
        <Button size="s" look="plain" onPress={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}

interface StageErrorProps {
  readonly title?: string;
  readonly message: string;
  /** Buttons: what to do about it. */
  readonly children: ReactNode;
}

/** What went wrong, over the picture. */
export function StageError({
  title = 'That did not work.',
  message,
  children,
}: StageErrorProps): ReactNode {
  return (
    <div className="stage-work stage-error" role="alert">
      <div>
        <strong>{title}</strong>
        <p>{message}</p>
      </div>
      <div className="stage-error-actions">{children}</div>
    </div>
  );
}
