import { basename } from 'node:path';

import {
  convertWeights,
  type ConvertedWeights,
  tensorBytes,
  type WeightInfo,
  writeShardedSafetensors,
  writeTextFile,
  type WrittenFile,
} from '@samgpu/weights';
import { FolderDraft } from '@samgpu/weights/node';
import { type PixelImage, readImage } from 'samgpu';

import { type ExitCode, exitCodes } from '../exit-code.ts';
import { registeredModel, requireModelName } from '../models/registry.ts';
import { packageVersion } from '../package-version.ts';
import { onExit } from '../terminal/on-exit.ts';
import { ProgressBar } from '../terminal/progress-bar.ts';
import { openCheckpoint } from '../weights/open-checkpoint.ts';
import { recogniseModel, type RecognisedWeights } from '../weights/recognise-model.ts';
import { quantizableWeights, traceAll } from '../weights/traced-model.ts';
import { answersOnPicture, gridPrompts } from './answers-on-picture.ts';
import type { ConvertRequest } from './convert-request.ts';
import { AgreementTally, type MeasuredAgreement } from './mask-agreement.ts';
import { modelCard } from './model-card.ts';
import { type Conversion, reportConversion } from './report-conversion.ts';
import { readAccuracyTable } from './stored-accuracy.ts';

/** `samgpu convert` */
export async function runConvert(request: ConvertRequest): Promise<ExitCode> {
  if (request.model !== undefined) requireModelName(request.model);
  // What would fail in the end is found out before minutes of work.
  const picture = request.image === undefined ? undefined : await readImage(request.image);
  const options = { replace: request.force };
  if (request.output !== undefined) await new FolderDraft(request.output, options).check();
  const { weights, files: source } = await openCheckpoint(request.checkpoint);
  try {
    const hashes = source.map(({ sha256 }) => sha256);
    const recognised = await recogniseModel(weights, hashes, request.model);
    const output = request.output ?? `${recognised.model}-${request.dtype}`;
    const draft = new FolderDraft(output, options);
    const release = onExit(() => draft.discard());
    try {
      await draft.begin();
      const conversion = await convert(request, recognised, source, draft, picture);
      reportConversion(conversion, request.json);
    } finally {
      draft.discard();
      release();
    }
  } finally {
    await weights.close();
  }
  return exitCodes.success;
}

async function convert(
  request: ConvertRequest,
  recognised: RecognisedWeights,
  source: readonly WrittenFile[],
  draft: FolderDraft,
  picture: PixelImage | undefined,
): Promise<Conversion> {
  const { dtype, image = '', checkpoint } = request;
  const { model, variant } = recognised;
  const converted = await examine(recognised, dtype);
  const files = await write(converted, draft, request.shardBytes);
  const measured =
    picture === undefined
      ? undefined
      : await measure(variant, [checkpoint, draft.path], picture, basename(image));
  const content = {
    variant,
    registered: registeredModel(model),
    dtype,
    source,
    files,
    kept: converted.kept,
    folder: basename(draft.target),
    tool: `samgpu ${packageVersion()}`,
    stored: readAccuracyTable()[model]?.[dtype],
    measured,
  };
  const card = await writeTextFile('README.md', modelCard(content), (name) => draft.create(name));
  const { tool, kept } = content;
  const manifest = {
    kind: 'weights',
    model,
    dtype,
    licence: variant.licence,
    source,
    tool,
    kept,
    ...(measured && { measured }),
  };
  await draft.commit([...files, card], manifest);
  return { ...manifest, output: draft.target, files };
}

async function examine(
  { variant, weights }: RecognisedWeights,
  dtype: ConvertRequest['dtype'],
): Promise<ConvertedWeights> {
  const channelAxes = quantizableWeights(traceAll(variant, weights.tensors));
  const bar = new ProgressBar(process.stderr, weights.tensors.size);
  try {
    return await convertWeights(weights, { dtype, channelAxes, onProgress: () => bar.advance() });
  } finally {
    bar.clear();
  }
}

async function write(
  converted: ConvertedWeights,
  draft: FolderDraft,
  shardBytes: number | undefined,
): Promise<WrittenFile[]> {
  const { tensors } = converted;
  await draft.expectSpace(bytesOf(tensors.values()));
  const bar = new ProgressBar(process.stderr, tensors.size);
  try {
    return await writeShardedSafetensors(converted, (name) => draft.create(name), {
      ...(shardBytes !== undefined && { shardBytes }),
      onProgress: () => bar.advance(),
    });
  } finally {
    bar.clear();
  }
}

function bytesOf(tensors: Iterable<WeightInfo>): number {
  return Array.from(tensors).reduce((sum, info) => sum + tensorBytes(info), 0);
}

async function measure(
  variant: RecognisedWeights['variant'],
  [original, converted]: readonly [string, string],
  pixels: PixelImage,
  picture: string,
): Promise<MeasuredAgreement> {
  const prompts = gridPrompts(pixels);
  const expected = await answersOnPicture(variant, original, pixels, prompts);
  const got = await answersOnPicture(variant, converted, pixels, prompts);
  const tally = new AgreementTally();
  expected.forEach((masks, index) => tally.add(masks, got[index]!));
  return { picture, prompts: prompts.length, ...tally.result() };
}
