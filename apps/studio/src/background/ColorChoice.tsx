import type { ReactNode } from 'react';
import {
  ColorArea,
  ColorField,
  ColorPicker,
  ColorSlider,
  ColorSwatch,
  ColorSwatchPicker,
  ColorSwatchPickerItem,
  ColorThumb,
  Input,
  Label,
  SliderTrack,
} from 'react-aria-components';

const common = [
  '#ffffff',
  '#f2f2f0',
  '#d9d9d6',
  '#8a8f8d',
  '#111413',
  '#dff3e9',
  '#dbe7f8',
  '#f8e6d4',
] as const;

interface ColorChoiceProps {
  /** `#rrggbb` */
  readonly color: string;
  readonly onChange: (color: string) => void;
}

/** A colour: one of a few that often do, by sight, or by its number. */
export function ColorChoice({ color, onChange }: ColorChoiceProps): ReactNode {
  return (
    <ColorPicker value={color} onChange={(next) => onChange(next.toString('hex'))}>
      <div className="color-choice">
        <ColorSwatchPicker className="color-row" aria-label="Common colours">
          {common.map((color) => (
            <ColorSwatchPickerItem key={color} color={color} className="color-item">
              <ColorSwatch className="object-swatch" />
            </ColorSwatchPickerItem>
          ))}
        </ColorSwatchPicker>
        <ColorArea
          className="color-area"
          colorSpace="hsb"
          xChannel="saturation"
          yChannel="brightness"
          aria-label="Shade"
        >
          <ColorThumb className="color-thumb" />
        </ColorArea>
        <ColorSlider className="color-slider" colorSpace="hsb" channel="hue" aria-label="Hue">
          <SliderTrack className="color-track">
            <ColorThumb className="color-thumb" />
          </SliderTrack>
        </ColorSlider>
        <ColorField className="color-field">
          <Label>Number</Label>
          <Input />
        </ColorField>
      </div>
    </ColorPicker>
  );
}
