import { InvalidArgumentError } from 'commander';

/** What can be written, in the order in which it is. */
export const outputFormats = ['png', 'cutout', 'matte', 'overlay', 'coco', 'rle', 'svg'] as const;

/** How cutouts are cut: along the mask, or with soft edges by one of the methods of `matte`. */
export const edgeKinds = ['hard', 'fast', 'best'] as const;

export type EdgeKind = (typeof edgeKinds)[number];

export type OutputFormat = (typeof outputFormats)[number];

/** How the names of files end. */
export const fileEndings: Readonly<Record<OutputFormat, string>> = {
  png: '.mask.png',
  cutout: '.cutout.png',
  matte: '.matte.png',
  overlay: '.overlay.png',
  coco: '.coco.json',
  rle: '.rle.json',
  svg: '.svg',
};

/** Whether a file's name is one that we give to pictures, so that folders are not read back. */
export function isOutputName(name: string): boolean {
  return /\.(mask|cutout|matte|overlay)\.png$/i.test(name);
}

/**
 * Adds the formats of one `--format`, a comma separated list, to those before it.
 *
 * @throws InvalidArgumentError
 */
export function parseFormats(
  text: string,
  previous: readonly OutputFormat[] = [],
): readonly OutputFormat[] {
  const asked = text.split(',').map((name) => name.trim());
  for (const name of asked) {
    if (!isOutputFormat(name)) {
      throw new InvalidArgumentError(
        `There is no format "${name}"; wanted one or more of ${outputFormats.join(', ')}.`,
      );
    }
  }
  return outputFormats.filter((name) => previous.includes(name) || asked.includes(name));
}

function isOutputFormat(name: string): name is OutputFormat {
  return (outputFormats as readonly string[]).includes(name);
}
