import { Square } from 'lucide-react';
import type { ReactNode } from 'react';

import { useSession, useStudio } from '../app/studio-context.ts';
import { Bar } from '../ui/Bar.tsx';
import { Button } from '../ui/Button.tsx';

/** How far a search has come, and the way to end it. */
export function SearchProgress({ label }: { readonly label: string }): ReactNode {
  const { session } = useStudio();
  const { loaded = 0, total } = useSession().everything?.progress ?? {};
  const isKnown = total !== undefined && total > 0;
  return (
    <div className="refining">
      <Bar
        label={label}
        share={isKnown ? loaded / total : undefined}
        detail={isKnown ? `${loaded} of ${total}` : undefined}
      />
      <Button size="s" onPress={() => session.cancel()}>
        <Square size={13} />
        Stop
      </Button>
    </div>
  );
}
