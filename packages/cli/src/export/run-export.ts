import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { WeightStore } from '@samgpu/graph';
import { writeOnnxFile } from '@samgpu/onnx/node';
import type { Variant } from '@samgpu/variant';
import { convertWeights, writeTextFile, type WrittenFile } from '@samgpu/weights';
import { FolderDraft } from '@samgpu/weights/node';
import { openVariantWeights } from 'samgpu';

import { type ExitCode, exitCodes } from '../exit-code.ts';
import { loadVariant } from '../models/registry.ts';
import { packageVersion } from '../package-version.ts';
import { onExit } from '../terminal/on-exit.ts';
import { bytesText, countText } from '../terminal/words.ts';
import { UsageError } from '../usage-error.ts';
import { describeFile } from '../weights/describe-file.ts';
import {
  quantizableWeights,
  traceAll,
  type TracedModel,
  traceModel,
} from '../weights/traced-model.ts';
import type { ExportRequest } from './export-request.ts';
import { type ModelFacts, modelFacts } from './model-facts.ts';
import { exportReadme } from './export-readme.ts';

/** Scores of one attention at a time: for a ViT they would take 800 MB at once. */
const SCORE_BYTES = 2 ** 28;

/** `samgpu export` */
export async function runExport(request: ExportRequest): Promise<ExitCode> {
  const { model, weights: path, dtype = 'stored', output = `${model}-onnx`, force } = request;
  const variant = await loadVariant(model);
  expectTokens(variant, request.tokens);
  const draft = new FolderDraft(output, { replace: force });
  const release = onExit(() => draft.discard());
  try {
    await draft.begin();
    const weights = await openVariantWeights(variant, { weights: path });
    try {
      const store = await inDtype(variant, weights, request);
      const traced = traceModel(variant, store.tensors, request);
      const facts = modelFacts(variant, traced);
      const files = [
        ...(await writeModels(traced, store, draft, variant, request)),
        ...(await writeTexts({ variant, facts, dtype, folder: basename(draft.target) }, draft)),
      ];
      const { licence } = variant;
      const tool = `samgpu ${packageVersion()}`;
      const manifest = { kind: 'onnx', model, dtype, licence, tool };
      await draft.commit(files, manifest);
      report({ ...manifest, output: draft.target, files }, request.json);
    } finally {
      await weights.close();
    }
  } finally {
    draft.discard();
    release();
  }
  return exitCodes.success;
}

function expectTokens(variant: Variant, tokens: number): void {
  const click = variant.tokens({ points: [{ x: 1, y: 1, label: 'include' }] });
  if (tokens < click.length) {
    throw new UsageError(
      `--tokens ${tokens} has no room for one click, which is ${click.length} tokens for ${variant.name}; ` +
        `wanted ${click.length} or more.`,
    );
  }
}

async function inDtype(
  variant: Variant,
  weights: WeightStore,
  { dtype }: ExportRequest,
): Promise<WeightStore> {
  if (dtype === undefined) return weights;
  const channelAxes = quantizableWeights(traceAll(variant, weights.tensors));
  return convertWeights(weights, { dtype, channelAxes });
}

async function writeModels(
  { encoder, decoder }: TracedModel,
  weights: WeightStore,
  draft: FolderDraft,
  { licence }: Variant,
  { externalData }: ExportRequest,
): Promise<WrittenFile[]> {
  const options = {
    scoreBytes: SCORE_BYTES,
    metadata: {
      producer: `samgpu ${packageVersion()}`,
      licence: licence.name,
      ...(licence.note !== undefined && { licence_note: licence.note }),
    },
    ...(externalData && { externalData }),
  };
  const paths = [
    ...(await writeOnnxFile(encoder, weights, join(draft.path, 'encoder.onnx'), options)),
    ...(await writeOnnxFile(decoder, weights, join(draft.path, 'decoder.onnx'), options)),
  ];
  const files: WrittenFile[] = [];
  for (const path of paths) files.push(await describeFile(path));
  return files;
}

async function writeTexts(
  content: {
    readonly variant: Variant;
    readonly facts: ModelFacts;
    readonly dtype: string;
    readonly folder: string;
  },
  draft: FolderDraft,
): Promise<WrittenFile[]> {
  const example = new URL('../../assets/segment-with-onnx.mjs', import.meta.url);
  const texts: Readonly<Record<string, string>> = {
    'model.json': `${JSON.stringify(content.facts, undefined, 2)}\n`,
    'segment.mjs': readFileSync(example, 'utf8'),
    'README.md': exportReadme(content),
  };
  const files: WrittenFile[] = [];
  for (const [name, text] of Object.entries(texts)) {
    files.push(await writeTextFile(name, text, (file) => draft.create(file)));
  }
  return files;
}

function report(
  result: {
    readonly model: string;
    readonly dtype: string;
    readonly licence: Variant['licence'];
    readonly output: string;
    readonly files: readonly WrittenFile[];
  },
  json: boolean,
): void {
  const { model, dtype, licence, output, files } = result;
  const total = bytesText(files.reduce((sum, { bytes }) => sum + bytes, 0));
  const lines = json
    ? [JSON.stringify(result, undefined, 2)]
    : [
        `${model} as ONNX, weights ${dtype}: ${total} in ${countText(files.length, 'file')}`,
        ...(licence.note === undefined ? [] : [licence.note]),
        `written to ${output}`,
      ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
