import type { KeptTensor, TargetDtype, WrittenFile } from '@samgpu/weights';
import type { Licence } from '@samgpu/variant';

import { bytesText, countText } from '../terminal/words.ts';
import type { MeasuredAgreement } from './mask-agreement.ts';

/** What came of a conversion: what `--json` prints. */
export interface Conversion {
  readonly model: string;
  readonly dtype: TargetDtype;
  readonly licence: Licence;
  /** The checkpoint's files. */
  readonly source: readonly WrittenFile[];
  readonly tool: string;
  /** Tensors that stayed f32, and why. */
  readonly kept: readonly KeptTensor[];
  readonly measured?: MeasuredAgreement;
  /** The folder. */
  readonly output: string;
  /** Those of the weights. */
  readonly files: readonly WrittenFile[];
}

export function reportConversion(conversion: Conversion, json: boolean): void {
  const text = json ? JSON.stringify(conversion, undefined, 2) : describe(conversion).join('\n');
  process.stdout.write(`${text}\n`);
}

function describe({
  model,
  dtype,
  files,
  source,
  kept,
  measured,
  licence,
  output,
}: Conversion): string[] {
  const total = (list: readonly WrittenFile[]): string =>
    bytesText(list.reduce((sum, { bytes }) => sum + bytes, 0));
  return [
    `${model} in ${dtype}: ${total(files)} in ${countText(files.length, 'file')}, from ${total(source)}`,
    ...kept.map(({ path, reason }) => `kept as f32: ${path}, because ${reason}`),
    ...(measured === undefined
      ? []
      : [
          `masks of ${measured.picture}, ${measured.prompts} clicks: intersection over union with the checkpoint's ` +
            `${measured.meanIou.toFixed(4)} on average, ${measured.smallestIou.toFixed(4)} at least`,
        ]),
    ...(licence.note === undefined ? [] : [licence.note]),
    `written to ${output}`,
  ];
}
