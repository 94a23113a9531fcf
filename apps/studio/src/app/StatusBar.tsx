import './status-bar.css';

import type { ReactNode } from 'react';

import { useStore } from '../state/store.ts';
import { milliseconds } from '../ui/amounts.ts';
import { SaveState } from './SaveState.tsx';
import { useSession, useStudio } from './studio-context.ts';

/** Sizes and times, for those who want to know. */
export function StatusBar(): ReactNode {
  const studio = useStudio();
  const { image, backend, model } = useSession();
  const { latest } = useStore(studio.measures);
  const facts = [
    image && `${image.width} × ${image.height}`,
    model && `${model.title} on ${backend?.kind === 'webgpu' ? 'the GPU' : 'WebAssembly'}`,
    latest.encode !== undefined && `encoded in ${milliseconds(latest.encode)}`,
    latest.segment !== undefined && `click ${milliseconds(latest.segment)}`,
  ].filter((fact) => typeof fact === 'string');
  return (
    <footer className="status-bar">
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
      <span className="status-gap" />
      <SaveState />
      <span title={backend?.reason}>{backend?.description}</span>
    </footer>
  );
}
