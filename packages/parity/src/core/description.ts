/** `case.json` of whole networks (`"format": 1`), read with every field checked that is used. */
import { UnreadableCaseError } from './result.ts';

/** A prompt in pixels of the picture. */
export interface CasePrompt {
  readonly name: string;
  readonly points?: readonly (readonly [x: number, y: number])[];
  readonly labels?: readonly number[];
  readonly box?: readonly [left: number, top: number, right: number, bottom: number];
  readonly mask_input?: { readonly tensor: string; readonly index: number };
  /** Instead of all that: so many times so many prompts of one point each. */
  readonly grid?: number;
}

/** One answer of the official code to a prompt. */
export interface CaseOutput {
  /** As `p1.multi`. */
  readonly tag: string;
  readonly prompt: string;
  /** How the official predictor was asked. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly maskAreas: readonly number[];
}

/** What a case allows in float32. */
export interface CaseLimits {
  readonly embedding: number;
  readonly lowRes: number;
  readonly iou: number;
  readonly maskIoU: number;
  /** Measured errors of stages, where the case has any. */
  readonly stages: ReadonlyMap<string, number>;
}

export interface NetworkDescription {
  readonly variant: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Of the picture, relative to the case; undefined for a decoder by itself. */
  readonly image: string | undefined;
  readonly originalSize: { readonly width: number; readonly height: number };
  readonly prompts: readonly CasePrompt[];
  readonly outputs: readonly CaseOutput[];
  readonly limits: CaseLimits;
}

/** @throws UnreadableCaseError naming the field that is missing or of another type */
export function readNetworkDescription(
  json: Readonly<Record<string, unknown>>,
): NetworkDescription {
  const variant = textAt(json, 'variant');
  const [height, width] = numbersAt(json, 'original_size', 2) as [number, number];
  const image = json['image'] === undefined ? undefined : textAt(objectAt(json, 'image'), 'file');
  return {
    variant,
    name: `${variant}/${textAt(json, 'case')}`,
    config: objectAt(json, 'config'),
    image,
    originalSize: { width, height },
    prompts: listAt(json, 'prompts').map(readPrompt),
    outputs: Object.entries(objectAt(json, 'outputs')).map(([tag, value]) =>
      readOutput(tag, asObject(value, `outputs.${tag}`)),
    ),
    limits: readLimits(objectAt(json, 'tolerance')),
  };
}

function readPrompt(value: unknown, index: number): CasePrompt {
  const prompt = asObject(value, `prompts[${index}]`);
  const name = textAt(prompt, 'name');
  const points = prompt['points'] === undefined ? [] : listAt(prompt, 'points');
  const labels = prompt['labels'] === undefined ? [] : numbersAt(prompt, 'labels');
  if (labels.length !== points.length) {
    throw new UnreadableCaseError(
      `prompt ${name} has ${points.length} points and ${labels.length} labels`,
    );
  }
  const mask = prompt['mask_input'] === undefined ? undefined : objectAt(prompt, 'mask_input');
  return {
    name,
    points: points.map((point) => asNumbers(point, `points of ${name}`, 2) as [number, number]),
    labels,
    ...(prompt['box'] !== undefined && {
      box: numbersAt(prompt, 'box', 4) as [number, number, number, number],
    }),
    ...(mask && { mask_input: { tensor: textAt(mask, 'tensor'), index: numberAt(mask, 'index') } }),
    ...(prompt['grid'] !== undefined && { grid: numberAt(prompt, 'grid') }),
  };
}

function readOutput(tag: string, output: Readonly<Record<string, unknown>>): CaseOutput {
  return {
    tag,
    prompt: textAt(output, 'prompt'),
    options: output['options'] === undefined ? {} : objectAt(output, 'options'),
    maskAreas: output['mask_area'] === undefined ? [] : numbersAt(output, 'mask_area'),
  };
}

function readLimits(tolerance: Readonly<Record<string, unknown>>): CaseLimits {
  const mode = objectAt(tolerance, 'float64_vs_float32');
  const suggested = objectAt(mode, 'suggested');
  const measured = mode['measured'] === undefined ? {} : objectAt(mode, 'measured');
  const stages = measured['stages'] === undefined ? {} : objectAt(measured, 'stages');
  return {
    embedding: numberAt(suggested, 'embedding_max_abs'),
    lowRes: numberAt(suggested, 'low_res_max_abs'),
    iou: numberAt(suggested, 'iou_max_abs'),
    maskIoU: numberAt(suggested, 'mask_min_iou'),
    stages: new Map(
      Object.entries(stages).map(([name, value]) => [
        name,
        numberAt(asObject(value, `measured.stages.${name}`), 'max_abs'),
      ]),
    ),
  };
}

type Json = Readonly<Record<string, unknown>>;

export function asObject(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(what, 'an object', value);
  }
  return value as Json;
}

export function objectAt(json: Json, name: string): Json {
  return asObject(json[name], name);
}

export function textAt(json: Json, name: string): string {
  const value = json[name];
  if (typeof value !== 'string') {
    throw wrong(name, 'text', value);
  }
  return value;
}

export function numberAt(json: Json, name: string): number {
  const value = json[name];
  if (typeof value !== 'number') {
    throw wrong(name, 'a number', value);
  }
  return value;
}

export function listAt(json: Json, name: string): readonly unknown[] {
  const value = json[name];
  if (!Array.isArray(value)) {
    throw wrong(name, 'a list', value);
  }
  return value as readonly unknown[];
}

/** @param length - wanted, if it matters */
export function numbersAt(json: Json, name: string, length?: number): readonly number[] {
  return asNumbers(json[name], name, length);
}

function asNumbers(value: unknown, what: string, length?: number): readonly number[] {
  const isFine = Array.isArray(value) && value.every((item) => typeof item === 'number');
  if (!isFine || (length !== undefined && value.length !== length)) {
    throw wrong(what, length === undefined ? 'a list of numbers' : `${length} numbers`, value);
  }
  return value;
}

function wrong(what: string, wanted: string, got: unknown): UnreadableCaseError {
  const shown = got === undefined ? 'nothing' : JSON.stringify(got).slice(0, 60);
  return new UnreadableCaseError(`case.json: ${what} is ${shown}, wanted ${wanted}`);
}
