import { openModelCache } from '@samgpu/weights';

import { type ExitCode, exitCodes } from '../exit-code.ts';
import { paintFor } from '../terminal/paint.ts';
import { alignColumns } from '../terminal/table.ts';
import { bytesText } from '../terminal/words.ts';
import { placeOf, type WeightsState } from './cached-model.ts';
import { describeModel, type ModelDescription } from './describe-model.ts';
import { loadVariant, modelNames } from './registry.ts';

/** `samgpu models` */
export async function runModels(json: boolean): Promise<ExitCode> {
  const cached = await (await openModelCache()).list();
  const variants = await Promise.all(modelNames.map(loadVariant));
  const models = variants.map((variant) => describeModel(variant, placeOf(variant, cached)));
  const text = json ? JSON.stringify(models, undefined, 2) : tableOf(models);
  process.stdout.write(`${text}\n`);
  return exitCodes.success;
}

const STATES: Readonly<Record<WeightsState, string>> = {
  package: 'with samgpu',
  cached: 'cached',
  partial: 'in part',
  absent: 'no',
  brought: 'you bring them',
};

function tableOf(models: readonly ModelDescription[]): string {
  const paint = paintFor(process.stdout);
  const [header = '', ...rows] = alignColumns([
    ['name', 'weights', 'there', 'input', 'licence', 'takes', 'description'],
    ...models.map(
      ({ name, bytes, parameters, cachedBytes, state, inputSize, licence, takes, description }) => [
        name,
        sizeText(bytes, parameters),
        state === 'partial' ? bytesText(cachedBytes ?? 0) : STATES[state],
        `${inputSize} px`,
        licence,
        takes.join(', '),
        description,
      ],
    ),
  ]);
  const notes = models.flatMap(({ name, licenceNote }) =>
    licenceNote === undefined ? [] : [`${name}: ${licenceNote}`],
  );
  return [paint('bold', header), ...rows, ...notes].join('\n');
}

/** Official files hold float32, so that their size follows where nobody publishes it. */
function sizeText(bytes: number | undefined, parameters: number | undefined): string {
  if (bytes !== undefined) return bytesText(bytes);
  return parameters === undefined ? 'unknown' : `about ${bytesText(4 * parameters)}`;
}
