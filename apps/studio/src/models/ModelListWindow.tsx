import './models-window.css';

import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Variant } from '@samgpu/variant';
import type { CachedModel } from '@samgpu/weights';
import type { BackendInfo } from 'samgpu';

import { Window } from '../ui/Window.tsx';
import { type ModelLoader, ModelRow } from './ModelRow.tsx';
import { storedModels } from './model-state.ts';

/** Models that are listed together. */
export interface ModelGroup {
  readonly title: string;
  readonly variants: readonly Variant[];
}

interface ModelListWindowProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly backend: BackendInfo | null;
  readonly groups: readonly ModelGroup[];
  readonly loader: ModelLoader;
  /** Above the list. */
  readonly intro?: ReactNode;
  /** Below it. */
  readonly note?: ReactNode;
}

/** Where models run, and a list of them that tells what each takes, and how it gets here. */
export function ModelListWindow({
  title,
  isOpen,
  onClose,
  backend,
  groups,
  loader,
  intro,
  note,
}: ModelListWindowProps): ReactNode {
  const [stored, setStored] = useState<readonly CachedModel[]>([]);
  const refresh = useCallback(() => {
    storedModels().then(setStored, () => undefined);
  }, []);
  useEffect(() => {
    if (isOpen) refresh();
  }, [isOpen, refresh]);
  return (
    <Window title={title} width="wide" isOpen={isOpen} onClose={onClose}>
      {backend !== null && (
        <p className="models-backend">
          <strong>{backend.kind === 'webgpu' ? 'On your GPU' : 'On your CPU'}</strong>
          <span>{backend.description}</span>
          <small>Because {backend.reason}.</small>
        </p>
      )}
      {intro}
      {groups.map(({ title, variants }) => (
        <section key={title} className="models-group" aria-label={title}>
          <h3>{title}</h3>
          <ul>
            {variants.map((variant) => (
              <ModelRow
                key={variant.name}
                variant={variant}
                stored={stored}
                onStored={refresh}
                loader={loader}
              />
            ))}
          </ul>
        </section>
      ))}
      {note}
    </Window>
  );
}
