import type { Variant } from '@samgpu/variant';
import type { KeptTensor, TargetDtype, WrittenFile } from '@samgpu/weights';

import type { RegisteredModel } from '../models/registry.ts';
import { bytesText } from '../terminal/words.ts';
import type { MaskAgreement, MeasuredAgreement } from './mask-agreement.ts';
import type { MeasuredAccuracy } from './stored-accuracy.ts';

/** What a model card tells. */
export interface CardContent {
  readonly variant: Variant;
  readonly registered: RegisteredModel;
  readonly dtype: TargetDtype;
  /** The checkpoint's files. */
  readonly source: readonly WrittenFile[];
  /** Those of the weights. */
  readonly files: readonly WrittenFile[];
  readonly kept: readonly KeptTensor[];
  /** Name of the folder. */
  readonly folder: string;
  readonly tool: string;
  readonly stored?: MeasuredAccuracy | undefined;
  readonly measured?: MeasuredAgreement | undefined;
}

const stored: Readonly<Record<TargetDtype, string>> = {
  f32: 'All weights are 32-bit floats: nothing was rounded that was not stored with more bits before.',
  f16: 'Weights are 16-bit floats, rounded to the nearest, ties to even. Means and variances of batch norms stay 32-bit floats.',
  int8:
    'The matrices of layers and convolutions are whole numbers of 8 bits with one 32-bit scale per output channel: ' +
    'tensor `X` holds the numbers, `X.scale` the scales, and a value is their product. Everything else is 32-bit floats.',
};

/** The README.md of converted weights, in the form that Hugging Face shows. */
export function modelCard(content: CardContent): string {
  const { variant, dtype, files, kept } = content;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const exceptions = kept.map(({ path, reason }) => `- \`${path}\`: ${reason}`);
  return [
    frontMatter(variant),
    `# ${variant.title}, ${dtype}`,
    `${variant.description}. ${bytesText(bytes)} of weights for [samgpu](https://www.npmjs.com/package/samgpu) and everything that reads safetensors.`,
    '## Use',
    usage(content),
    'On a server, `weights` is the address of `manifest.json`: files are then checked by their hashes, and browsers keep them.',
    '## Weights',
    stored[dtype],
    ...(exceptions.length === 0 ? [] : ['Kept as 32-bit floats:', exceptions.join('\n')]),
    fileTable('Made by', content.tool, 'from', content.source),
    'Tensors have the names of the official checkpoint. `manifest.json` lists the files with their hashes.',
    '## Accuracy',
    ...accuracy(content),
    '## Licence',
    licence(variant),
  ]
    .join('\n\n')
    .concat('\n');
}

function frontMatter({ licence: { name }, weights }: Variant): string {
  const isListed = !name.startsWith('LicenseRef-');
  const terms = isListed
    ? [`license: ${name.toLowerCase()}`]
    : ['license: other', `license_name: ${name.replace('LicenseRef-', '').toLowerCase()}`];
  const link =
    weights.kind === 'brought' && !isListed ? [`license_link: ${weights.from.href}`] : [];
  const lines = [...terms, ...link, 'library_name: samgpu', 'pipeline_tag: mask-generation'];
  return ['---', ...lines, '---'].join('\n');
}

function usage({ registered, folder }: CardContent): string {
  return `\`\`\`ts
import { Segmenter } from 'samgpu';
import { ${registered.export} } from '${registered.package}';
const segmenter = await Segmenter.load(${registered.export}, { weights: '${folder}' });
\`\`\``;
}

function fileTable(by: string, tool: string, from: string, files: readonly WrittenFile[]): string {
  const rows = files.map(({ name, bytes, sha256 }) => `| \`${name}\` | ${bytes} | \`${sha256}\` |`);
  return [
    `${by} ${tool} ${from}`,
    '',
    '| file | bytes | SHA-256 |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function accuracy({ dtype, variant, stored: table, measured }: CardContent): string[] {
  if (dtype === 'f32') return ['These are the weights of the checkpoint themselves.'];
  const lines = ['Intersection over union of masks with those of the weights in f32:'];
  const rows = ['| measured on | masks | mean | smallest |', '| --- | --- | --- | --- |'];
  if (measured !== undefined) {
    rows.push(row(`${measured.picture}, this checkpoint, ${measured.prompts} clicks`, measured));
  }
  if (table !== undefined) {
    const what = table.weights === 'formula' ? 'formula weights' : 'trained weights';
    rows.push(row(`${table.on.join(', ')}, ${what}`, table));
  }
  if (rows.length === 2) {
    return [
      `It was not measured for ${variant.name}. \`samgpu convert --image photo.jpg\` measures it on a picture of yours.`,
    ];
  }
  lines.push(rows.join('\n'));
  if (table?.weights === 'formula') {
    lines.push(
      'Formula weights are pseudorandom numbers in place of trained ones. Their masks are noise with long outlines, on ' +
        'which every rounding shows, so that figure is pessimistic.',
    );
  }
  return lines;
}

function row(what: string, { masks, meanIou, smallestIou }: MaskAgreement): string {
  return `| ${what} | ${masks} | ${meanIou.toFixed(4)} | ${smallestIou.toFixed(4)} |`;
}

function licence({ licence: { name, note } }: Variant): string {
  const terms = `Weights: ${name.replace('LicenseRef-', '')}.`;
  return note === undefined
    ? `${terms} Conversion does not change their terms.`
    : `${terms} ${note} Conversion does not change their terms.`;
}
