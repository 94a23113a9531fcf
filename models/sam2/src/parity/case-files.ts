/** What all cases of whole networks have in common. */
import { formulaTensor, openParityCase, type ParityCase } from '@samgpu/testing';
import type { VariantIdentity } from '@samgpu/sam';
import { expect } from 'vitest';

import { hiera, type Sam2Config, sam2Config, type Sam2Version } from '../config.ts';
import { weightShapes } from '../weight-shapes.ts';

const SIZES = {
  tiny: hiera.tiny,
  small: hiera.small,
  base_plus: hiera.basePlus,
  large: hiera.large,
} as const;

/** A case, and the sizes of the network that it is of. */
export interface NetworkFiles {
  readonly golden: ParityCase;
  readonly directory: string;
  readonly config: Sam2Config;
  readonly version: Sam2Version;
}

/** @param directory - of `case.json` */
export async function openNetworkFiles(directory: string): Promise<NetworkFiles> {
  const golden = await openParityCase(directory);
  const { variant, image_size: imageSize = 1024 } = golden.description as {
    readonly variant: string;
    readonly image_size?: number;
  };
  const match = /^sam2(?<new>\.1)?_hiera_(?<size>tiny|small|base_plus|large)$/.exec(variant);
  if (match?.groups === undefined) {
    throw new RangeError(`${golden.name} is of ${variant}, which is no SAM 2`);
  }
  const version = match.groups['new'] === undefined ? '2.0' : '2.1';
  const size = SIZES[match.groups['size'] as keyof typeof SIZES];
  return { golden, directory, version, config: { ...sam2Config(size, version), imageSize } };
}

/** What a variant with the formula weights of a case says of itself. */
export function formulaIdentity({ golden }: NetworkFiles): VariantIdentity {
  return {
    name: golden.name,
    title: golden.name,
    description: 'formula weights',
    weights: {
      kind: 'brought',
      reason: 'they are a formula',
      from: new URL('https://github.com/facebookresearch/sam2'),
      files: [],
    },
  };
}

/** The tensors of the checkpoint, and the values that the formula gives for them. */
export function checkWeights({ golden, config }: NetworkFiles): void {
  const shapes = weightShapes(config);
  const checked = golden.description['weights_check'] as Readonly<
    Record<string, { readonly shape: readonly number[]; readonly first4: readonly number[] }>
  >;
  for (const [path, { shape, first4 }] of Object.entries(checked)) {
    const values = formulaTensor(path, shape, golden.formula);
    const got = { path, shape: shapes.get(path), first4: [...values.subarray(0, first4.length)] };
    expect(got).toEqual({ path, shape, first4 });
  }
}
