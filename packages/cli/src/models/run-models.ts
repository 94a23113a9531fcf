import { type ExitCode, exitCodes } from '../exit-code.ts';
import { paintFor } from '../terminal/paint.ts';
import { alignColumns } from '../terminal/table.ts';
import { bytesText } from '../terminal/words.ts';
import { describeModel, type ModelDescription } from './describe-model.ts';
import { loadVariant, modelNames } from './registry.ts';

/** `samgpu models` */
export async function runModels(json: boolean): Promise<ExitCode> {
  const models = (await Promise.all(modelNames.map(loadVariant))).map(describeModel);
  const text = json ? JSON.stringify(models, undefined, 2) : tableOf(models);
  process.stdout.write(`${text}\n`);
  return exitCodes.success;
}

function tableOf(models: readonly ModelDescription[]): string {
  const paint = paintFor(process.stdout);
  const [header = '', ...rows] = alignColumns([
    ['name', 'weights', 'input', 'licence', 'takes', 'description'],
    ...models.map(({ name, bytes, inputSize, licence, takes, description }) => [
      name,
      bytes === undefined ? '?' : bytesText(bytes),
      `${inputSize} px`,
      licence,
      takes.join(', '),
      description,
    ]),
  ]);
  const notes = models.flatMap(({ name, licenceNote }) =>
    licenceNote === undefined ? [] : [`${name}: ${licenceNote}`],
  );
  return [paint('bold', header), ...rows, ...notes].join('\n');
}
