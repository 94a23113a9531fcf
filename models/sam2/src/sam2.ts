import type { TrackingVariant, WeightFile } from '@samgpu/variant';

import { hiera, type HieraConfig, sam2Config, type Sam2Version } from './config.ts';
import { defineSam2 } from './define-sam2.ts';

const FOLDERS: Readonly<Record<Sam2Version, string>> = {
  '2.0': '072824/sam2_hiera_',
  '2.1': '092824/sam2.1_hiera_',
};

/** What is published of one size. */
interface Published {
  readonly encoder: HieraConfig;
  /** As its checkpoint and its variant are called. */
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly parameters: string;
}

const tiny: Published = {
  encoder: hiera.tiny,
  file: 'tiny',
  name: 'tiny',
  title: 'T',
  parameters: '39 M',
};
const small: Published = {
  encoder: hiera.small,
  file: 'small',
  name: 'small',
  title: 'S',
  parameters: '46 M',
};
const basePlus: Published = {
  encoder: hiera.basePlus,
  file: 'base_plus',
  name: 'base-plus',
  title: 'B+',
  parameters: '81 M',
};
const large: Published = {
  encoder: hiera.large,
  file: 'large',
  name: 'large',
  title: 'L',
  parameters: '224 M',
};

/** Meta publishes no hashes; these are those that independent projects pin. */
function published(
  { encoder, file, name, title, parameters }: Published,
  version: Sam2Version,
  pins: Pick<WeightFile, 'bytes' | 'sha256'>,
): TrackingVariant {
  const base = 'https://dl.fbaipublicfiles.com/segment_anything_2/';
  const prefix = version === '2.1' ? 'sam2.1' : 'sam2';
  return defineSam2(
    {
      name: `${prefix}-${name}`,
      title: `SAM ${version === '2.1' ? '2.1' : '2'} ${title}`,
      description: `${parameters} parameters; clicks, boxes and masks, on images and through videos`,
      weights: { kind: 'file', url: new URL(`${FOLDERS[version]}${file}.pt`, base), ...pins },
    },
    sam2Config(encoder, version),
  );
}

/** SAM 2.1 with Hiera T. */
export const sam2Tiny: TrackingVariant = published(tiny, '2.1', {
  bytes: 156_008_466,
  sha256: '7402e0d864fa82708a20fbd15bc84245c2f26dff0eb43a4b5b93452deb34be69',
});

/** SAM 2.1 with Hiera S. */
export const sam2Small: TrackingVariant = published(small, '2.1', {
  bytes: 184_416_285,
  sha256: '6d1aa6f30de5c92224f8172114de081d104bbd23dd9dc5c58996f0cad5dc4d38',
});

/** SAM 2.1 with Hiera B+. */
export const sam2BasePlus: TrackingVariant = published(basePlus, '2.1', {
  bytes: 323_606_802,
  sha256: 'a2345aede8715ab1d5d31b4a509fb160c5a4af1970f199d9054ccfb746c004c5',
});

/** SAM 2.1 with Hiera L. */
export const sam2Large: TrackingVariant = published(large, '2.1', {
  bytes: 898_083_611,
  sha256: '2647878d5dfa5098f2f8649825738a9345572bae2d4350a2468587ece47dd318',
});

/** SAM 2 with Hiera T, the first release. */
export const sam20Tiny: TrackingVariant = published(tiny, '2.0', {
  sha256: '65b50056e05bcb13694174f51bb6da89c894b57b75ccdf0ba6352c597c5d1125',
});

/** SAM 2 with Hiera S, the first release. */
export const sam20Small: TrackingVariant = published(small, '2.0', {
  sha256: '95949964d4e548409021d47b22712d5f1abf2564cc0c3c765ba599a24ac7dce3',
});

/** SAM 2 with Hiera B+, the first release. */
export const sam20BasePlus: TrackingVariant = published(basePlus, '2.0', {
  sha256: 'd0bb7f236400a49669ffdd1be617959a8b1d1065081789d7bbff88eded3a8071',
});

/** SAM 2 with Hiera L, the first release. */
export const sam20Large: TrackingVariant = published(large, '2.0', {
  bytes: 897_952_466,
  sha256: '7442e4e9b732a508f80e141e7c2913437a3610ee0c77381a66658c3a445df87b',
});
