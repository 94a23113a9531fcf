import { type ComponentType, type ReactNode, useEffect, useState } from 'react';

import { say } from '../state/notices.ts';

export interface WindowState {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

interface LazyWindowProps extends WindowState {
  /** Brings the window's code. The same function each time. */
  readonly load: () => Promise<ComponentType<WindowState>>;
}

/** A window whose code comes when it is first opened; if it does not, that is said and nothing else stops. */
export function LazyWindow({ isOpen, onClose, load }: LazyWindowProps): ReactNode {
  const [Loaded, setLoaded] = useState<ComponentType<WindowState> | null>(null);
  useEffect(() => {
    if (!isOpen || Loaded !== null) return undefined;
    let isWanted = true;
    load().then(
      (component) => setLoaded(() => component),
      () => {
        if (!isWanted) return;
        onClose();
        say({
          kind: 'problem',
          title: 'A part of the Studio could not be loaded',
          detail:
            'Look whether there is a connection, then load the page again. Your work is kept.',
          action: { label: 'Load again', run: () => location.reload() },
        });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [isOpen, Loaded, load, onClose]);
  return Loaded && <Loaded isOpen={isOpen} onClose={onClose} />;
}
