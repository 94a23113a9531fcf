import './range.css';

import type { ReactNode } from 'react';
import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';

interface RangeProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  /** When the handle is let go. */
  readonly onChangeEnd?: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly unit?: string;
  readonly isDisabled?: boolean;
}

export function Range({
  label,
  value,
  onChange,
  onChangeEnd,
  min,
  max,
  step = 1,
  unit = '',
  isDisabled = false,
}: RangeProps): ReactNode {
  return (
    <Slider
      className="range"
      value={value}
      onChange={(next) => onChange(next as number)}
      {...(onChangeEnd && { onChangeEnd: (next) => onChangeEnd(next as number) })}
      minValue={min}
      maxValue={max}
      step={step}
      isDisabled={isDisabled}
    >
      <Label>{label}</Label>
      <SliderOutput className="range-output">
        {value}
        {unit}
      </SliderOutput>
      <SliderTrack className="range-track">
        {({ state }) => (
          <>
            <div className="range-fill" style={{ width: `${state.getThumbPercent(0) * 100}%` }} />
            <SliderThumb className="range-thumb" />
          </>
        )}
      </SliderTrack>
    </Slider>
  );
}
