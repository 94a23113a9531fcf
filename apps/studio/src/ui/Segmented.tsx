import './segmented.css';

import type { ReactNode } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';

import { Hint } from './Hint.tsx';

export interface Segment<Key extends string> {
  readonly key: Key;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly hint?: string;
}

interface SegmentedProps<Key extends string> {
  readonly label: string;
  readonly segments: readonly Segment<Key>[];
  readonly value: Key;
  readonly onChange: (key: Key) => void;
  readonly isDisabled?: boolean;
  /** Shows icons alone; labels stay for screen readers. */
  readonly iconsOnly?: boolean;
}

/** One of a few, all in sight. */
export function Segmented<Key extends string>({
  label,
  segments,
  value,
  onChange,
  isDisabled = false,
  iconsOnly = false,
}: SegmentedProps<Key>): ReactNode {
  return (
    <ToggleButtonGroup
      className="segmented"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      isDisabled={isDisabled}
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [key] = keys;
        if (key !== undefined) onChange(key as Key);
      }}
    >
      {segments.map((segment) => (
        <Hint key={segment.key} text={segment.hint ?? segment.label} placement="top">
          <ToggleButton className="segment" id={segment.key} aria-label={segment.label}>
            {segment.icon}
            {!iconsOnly && <span>{segment.label}</span>}
          </ToggleButton>
        </Hint>
      ))}
    </ToggleButtonGroup>
  );
}
