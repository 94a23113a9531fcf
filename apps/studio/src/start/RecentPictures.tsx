import './recent-pictures.css';

import { Trash2 } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';

import { useStudio } from '../app/studio-context.ts';
import type { RecentProject } from '../files/index.ts';
import { useStore } from '../state/store.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { timeText } from '../ui/amounts.ts';

const SHOWN = 8;

/** What was worked on before; nothing where there is none. */
export function RecentPictures(): ReactNode {
  const { autosave } = useStudio();
  const recent = useStore(autosave.recent);
  const notKept = useStore(autosave.notKeptBecause);
  if (recent.length === 0) {
    return notKept === undefined ? null : (
      <p className="recent-note">
        This browser keeps nothing for this page, so save what you want to keep as a file.
      </p>
    );
  }
  return (
    <section className="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">Go on with</h2>
      <ul>
        {recent.slice(0, SHOWN).map((project) => (
          <RecentPicture key={project.id} project={project} />
        ))}
      </ul>
    </section>
  );
}

function RecentPicture({ project }: { readonly project: RecentProject }): ReactNode {
  const studio = useStudio();
  const { id, name, savedAt, objects, thumbnail, isOpen } = project;
  const url = useUrlOf(thumbnail);
  return (
    <li className="recent-item">
      <AriaButton
        className="recent-open"
        isDisabled={isOpen}
        onPress={() => void studio.openRecent(id)}
      >
        {url === undefined ? <span className="recent-blank" /> : <img src={url} alt="" />}
        <span className="recent-text">
          <strong>{name}</strong>
          <small>
            {isOpen ? 'open in another tab' : timeText(savedAt)},{' '}
            {objects === 1 ? '1 object' : `${objects} objects`}
          </small>
        </span>
      </AriaButton>
      <IconButton
        size="s"
        label={`Delete ${name}`}
        isDisabled={isOpen}
        onPress={() => void studio.autosave.delete(id)}
      >
        <Trash2 size={15} />
      </IconButton>
    </li>
  );
}

/** An address for a picture in memory, as long as it is shown. */
function useUrlOf(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (blob === undefined) return undefined;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}
