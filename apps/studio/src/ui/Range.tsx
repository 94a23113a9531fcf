import './range.css';

import type { ReactNode } from 'react';
import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';

interface RangeProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly unit?: string;
}

export function Range({
  label,
  value,
  onChange,
  min,
  max,
  step = 1,
  unit = '',
}: RangeProps): ReactNode {
  return (
    <Slider
      className="range"
      value={value}
      onChange={onChange}
      minValue={min}
      maxValue={max}
      step={step}
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
