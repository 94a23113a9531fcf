import './setting.css';

import type { ReactNode } from 'react';

import { type Segment, Segmented } from './Segmented.tsx';

interface SettingProps<Key extends string> {
  readonly label: string;
  readonly segments: readonly Segment<Key>[];
  readonly value: Key;
  readonly onChange: (key: Key) => void;
}

/** One of a few, with its name beside it. */
export function Setting<Key extends string>({ label, ...props }: SettingProps<Key>): ReactNode {
  return (
    <div className="setting">
      <span>{label}</span>
      <Segmented label={label} {...props} />
    </div>
  );
}
