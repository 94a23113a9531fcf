import { CircleAlert, CloudOff, HardDriveDownload } from 'lucide-react';
import type { ReactNode } from 'react';

import { useStore } from '../state/store.ts';
import { useStudio } from './studio-context.ts';

/** Whether the work outlives the page. */
export function SaveState(): ReactNode {
  const { autosave } = useStudio();
  const status = useStore(autosave.status);
  const notKept = useStore(autosave.notKeptBecause);
  if (notKept !== undefined) {
    return (
      <span className="save-state" title={notKept}>
        <CloudOff size={13} />
        Not kept by this browser
      </span>
    );
  }
  if (status === null) return null;
  if (status.kind === 'failed') {
    return (
      <span className="save-state save-failed" role="alert" title={status.error?.message}>
        <CircleAlert size={13} />
        Not saved: {status.error?.message}
      </span>
    );
  }
  return (
    <span className="save-state">
      <HardDriveDownload size={13} />
      {status.kind === 'saved' ? 'Saved on this device' : 'Saving'}
    </span>
  );
}
