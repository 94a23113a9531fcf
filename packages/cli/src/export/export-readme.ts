import { TokenLabel, type Variant } from '@samgpu/variant';

import type { ModelFacts, Port } from './model-facts.ts';

/** The README.md beside exported models. */
export function exportReadme({
  variant,
  facts,
  dtype,
  folder,
}: {
  readonly variant: Variant;
  readonly facts: ModelFacts;
  readonly dtype: string;
  readonly folder: string;
}): string {
  const { encoder, decoder } = facts;
  const [prompts = 1, tokens = 1] =
    decoder.inputs.find(({ name }) => name === 'labels')?.shape ?? [];
  return [
    `# ${variant.title} as ONNX`,
    `Image encoder and mask decoder of ${variant.title}, made by samgpu: operator set 17, standard operators only, fixed shapes. ` +
      `The encoder runs once per picture, the decoder once per prompt. Weights: ${dtype === 'stored' ? 'as in the checkpoint' : dtype}.`,
    '## Try it',
    `\`\`\`sh
npm install onnxruntime-node sharp
node ${folder}/segment.mjs photo.jpg 320 240 mask.png
\`\`\``,
    '`segment.mjs` takes a click in pixels of the photo and is short enough to be translated; the numbers that it needs are in `model.json`. ' +
      'That the models are valid ONNX, this tells, in this folder:',
    `\`\`\`sh
python3 -c "import onnx; [onnx.checker.check_model(name, full_check=True) for name in ('encoder.onnx', 'decoder.onnx')]"
\`\`\``,
    '## encoder.onnx',
    ports('input', encoder.inputs),
    ports('output', encoder.outputs),
    preprocessing(variant),
    '## decoder.onnx',
    ports('input', decoder.inputs),
    ports('output', decoder.outputs),
    decoderNotes(variant, prompts, tokens),
    answers(variant),
    ...(dtype === 'int8' ? [quantized] : []),
    '## Licence',
    [`Weights: ${variant.licence.name.replace('LicenseRef-', '')}.`, variant.licence.note ?? '']
      .join(' ')
      .trim(),
  ]
    .join('\n\n')
    .concat('\n');
}

const quantized =
  'Weights are whole numbers of 8 bits behind DequantizeLinear. ONNX Runtime does that again in every run, unless the session option ' +
  "`session.disable_quant_qdq` is `'1'`: then once, when the model is loaded.";

function ports(kind: string, list: readonly Port[]): string {
  const rows = list.map(({ name, dtype, shape }) => {
    const type = dtype === 'f32' ? 'float32' : 'int32';
    return `| \`${name}\` | ${type} | ${shape.join(' x ')} |`;
  });
  return [`| ${kind} | type | shape |`, '| --- | --- | --- |', ...rows].join('\n');
}

function preprocessing({ preprocessing: rules }: Variant): string {
  const { size, fit, rounding, resample, mean, std } = rules;
  const numbers = (list: readonly number[]): string =>
    list.map((value) => +value.toFixed(6)).join(', ');
  const where =
    fit === 'squash'
      ? `stretched to ${size} x ${size}`
      : `scaled so that its longest side is ${size} (sides rounded ${rounding === 'half-up' ? 'half up' : 'half to even'}), at the top left of the square, and zero right of and below it`;
  const how =
    resample.shrink === resample.enlarge
      ? resample.shrink
      : `${resample.shrink} where it shrinks, ${resample.enlarge} where it grows`;
  return (
    `\`image\` is the picture in sRGB, rows from top to bottom, red, green and blue of each pixel beside each other: ${where}. ` +
    `It is resampled by ${how}. Then each value, 0 to 255, less ${numbers(mean)}, divided by ${numbers(std)} (zeros stay zero).`
  );
}

function decoderNotes(
  { preprocessing: rules, masks }: Variant,
  prompts: number,
  tokens: number,
): string {
  const { size, coordinates } = rules;
  const place =
    coordinates === 'scaled'
      ? 'a coordinate of the picture times the resized side over the original one'
      : '(coordinate + 0.5) times the scale, less 0.5';
  return [
    `The encoder's outputs go in under their names. \`points\` are x and y in pixels of the ${size} x ${size} square: ${place}. ` +
      `\`labels\` say what each is: ${TokenLabel.include} a point on the object, ${TokenLabel.exclude} one that is not, ` +
      `${TokenLabel.boxTopLeft} and ${TokenLabel.boxBottomRight} the corners of a box, ${TokenLabel.padding} a padding that the model expects, and ` +
      `${TokenLabel.absent} nothing: it takes no part, and fills up prompts that are shorter than ${tokens}. \`model.json\` has the tokens of a click and of a box.`,
    `\`mask\` is the logits of a previous mask, ${masks.logitSize} x ${masks.logitSize}, and \`hasMask\` 1 where there is one, else 0 with zeros in \`mask\`.`,
    `This decoder takes ${prompts === 1 ? 'one prompt' : `${prompts} prompts`} of up to ${tokens} tokens. Shapes are fixed: export with other \`--prompts\` and \`--tokens\` for more. ` +
      'Fewer prompts are filled up in the same way, and their results ignored.',
  ].join('\n\n');
}

function answers({ masks }: Variant): string {
  const [mode] = masks.answers;
  const list = (places: readonly number[]): string => places.join(', ');
  const steps = {
    'two-step':
      'bilinearly to the square, cropped to the resized picture, then bilinearly to the picture',
    'bilinear-direct': 'bilinearly to the picture',
    'bicubic-direct': 'bicubically (a = -0.75) to the picture',
  }[masks.upsample];
  const { single, multiple } = mode!;
  const best = (rule: typeof single): string =>
    rule.bestOnly === true ? ', of which that with the highest score answers' : '';
  const scores = (rule: typeof single): string =>
    rule.scores === undefined ? '' : ` (scores ${list(rule.scores)})`;
  return (
    `Mask ${list(single.masks)}${scores(single)} is the one answer to a clear prompt${best(single)}; masks ${list(multiple.masks)}${scores(multiple)} are alternatives${best(multiple)}. ` +
    `\`logits\` are enlarged ${steps}; a pixel belongs to the mask ${masks.inclusive ? 'at' : 'above'} ${masks.threshold}${masks.inclusive ? ' and above' : ''}.`
  );
}
