import { hiera, type Sam2Config, sam2Config } from '@samgpu/sam2';

import { UnsupportedCaseError } from '../../core/result.ts';

const SIZES = {
  tiny: hiera.tiny,
  small: hiera.small,
  base_plus: hiera.basePlus,
  large: hiera.large,
} as const;

/**
 * The sizes that a variant's name stands for.
 *
 * @param imageSize - side of the square input
 * @throws UnsupportedCaseError for names of no known size
 */
export function configOf(variant: string, imageSize: number): Sam2Config {
  const [, version, size] = /^sam2(\.1)?_hiera_(tiny|small|base_plus|large)/.exec(variant) ?? [];
  if (size === undefined) {
    const known = Object.keys(SIZES).join(', ');
    throw new UnsupportedCaseError(`${variant} is no Hiera of a known size (${known})`);
  }
  const encoder = SIZES[size as keyof typeof SIZES];
  return { ...sam2Config(encoder, version === undefined ? '2.0' : '2.1'), imageSize };
}
