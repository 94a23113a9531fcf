import type { ReactNode } from 'react';

import type { ExportOptions, FormatId } from '../files/index.ts';
import { Range } from '../ui/Range.tsx';
import { Setting } from '../ui/Setting.tsx';

/** What can be chosen, of all formats. */
export interface ExportChoices {
  readonly size: 'picture' | 'objects';
  readonly objects: 'together' | 'separately';
  readonly form: NonNullable<ExportOptions['form']>;
  readonly keep: NonNullable<ExportOptions['keep']>;
  readonly tolerance: number;
  readonly svgPicture: NonNullable<ExportOptions['svgPicture']>;
  readonly segmentation: NonNullable<ExportOptions['segmentation']>;
}

export const defaultChoices: ExportChoices = {
  size: 'objects',
  objects: 'together',
  form: 'union',
  keep: 'around',
  tolerance: 1,
  svgPicture: 'none',
  segmentation: 'auto',
};

/** What is known besides the choices. */
interface Context {
  readonly picture: Blob | undefined;
  readonly pictureName: string | undefined;
  readonly session: unknown;
}

export function optionsOf(
  { size, ...choices }: ExportChoices,
  { picture, pictureName, session }: Context,
): ExportOptions {
  return {
    ...choices,
    crop: size === 'objects',
    ...(picture && { picture }),
    ...(pictureName !== undefined && { pictureName }),
    session,
  };
}

interface ExportFieldsProps {
  readonly format: FormatId;
  readonly choices: ExportChoices;
  readonly onChange: (choices: ExportChoices) => void;
}

/** What can be chosen for one format. */
export function ExportFields({ format, choices, onChange }: ExportFieldsProps): ReactNode {
  const change = (change: Partial<ExportChoices>): void => onChange({ ...choices, ...change });
  switch (format) {
    case 'cutout':
      return (
        <>
          <Setting
            label="As large as"
            segments={[
              { key: 'objects', label: 'The objects' },
              { key: 'picture', label: 'The picture' },
            ]}
            value={choices.size}
            onChange={(size) => change({ size })}
          />
          <Setting
            label="Several objects"
            segments={[
              { key: 'together', label: 'In one file' },
              { key: 'separately', label: 'One by one' },
            ]}
            value={choices.objects}
            onChange={(objects) => change({ objects })}
          />
        </>
      );
    case 'mask':
      return (
        <Setting
          label="Several objects"
          segments={[
            { key: 'union', label: 'As one' },
            { key: 'separately', label: 'One by one' },
            { key: 'labels', label: 'Numbered', hint: 'Levels of grey are numbers of objects' },
            { key: 'colors', label: 'Coloured', hint: 'The same, shown in their colours' },
          ]}
          value={choices.form}
          onChange={(form) => change({ form })}
        />
      );
    case 'psd':
      return (
        <Setting
          label="Each layer keeps"
          segments={[
            { key: 'around', label: 'The surroundings', hint: 'Enough to move the mask’s edge' },
            { key: 'whole', label: 'The whole picture', hint: 'Larger files' },
          ]}
          value={choices.keep}
          onChange={(keep) => change({ keep })}
        />
      );
    case 'svg':
      return (
        <>
          <Setting
            label="Below the outlines"
            segments={[
              { key: 'none', label: 'Nothing' },
              { key: 'embedded', label: 'The picture' },
            ]}
            value={choices.svgPicture}
            onChange={(svgPicture) => change({ svgPicture })}
          />
          <Range
            label="Smoothing"
            value={choices.tolerance}
            onChange={(tolerance) => change({ tolerance })}
            min={0}
            max={5}
            step={0.5}
            unit=" px"
          />
        </>
      );
    case 'coco':
      return (
        <Setting
          label="Masks as"
          segments={[
            { key: 'auto', label: 'What is exact' },
            { key: 'polygons', label: 'Polygons' },
            { key: 'rle', label: 'Run lengths' },
          ]}
          value={choices.segmentation}
          onChange={(segmentation) => change({ segmentation })}
        />
      );
    default:
      return null;
  }
}
