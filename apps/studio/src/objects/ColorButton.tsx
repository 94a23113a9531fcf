import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  ColorSwatchPicker,
  ColorSwatchPickerItem,
  ColorSwatch,
  Dialog,
  DialogTrigger,
  Popover,
} from 'react-aria-components';
import type { RgbColor } from 'samgpu';

import { hexOf, rgbOf } from '../ui/color.ts';

/** Easy to tell apart from each other, also for most people who see fewer colours. */
const palette = [
  '#34d8a6',
  '#4aa8ff',
  '#f2c14e',
  '#ff7a6b',
  '#c48bff',
  '#ff8fcf',
  '#7ad151',
  '#20c5d9',
  '#ffa149',
  '#9aa7ff',
] as const;

interface ColorButtonProps {
  readonly name: string;
  readonly color: RgbColor;
  readonly onChange: (color: RgbColor) => void;
}

export function ColorButton({ name, color, onChange }: ColorButtonProps): ReactNode {
  const hex = hexOf(color);
  return (
    <DialogTrigger>
      <AriaButton className="object-color" aria-label={`Colour of ${name}`}>
        <ColorSwatch className="object-swatch" color={hex} />
      </AriaButton>
      <Popover className="choices-popover color-popover" placement="bottom" offset={6}>
        <Dialog aria-label={`Colour of ${name}`} className="color-dialog">
          {({ close }) => (
            <ColorSwatchPicker
              className="color-swatches"
              aria-label="Colours"
              value={hex}
              onChange={(next) => {
                onChange(rgbOf(next.toString('hex')));
                close();
              }}
            >
              {[...new Set([...palette, hex])].map((color) => (
                <ColorSwatchPickerItem key={color} color={color} className="color-item">
                  <ColorSwatch className="object-swatch" />
                </ColorSwatchPickerItem>
              ))}
            </ColorSwatchPicker>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
