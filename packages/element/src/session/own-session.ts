import { type Engine, Session } from '@samgpu/session';
import type { Variant } from '@samgpu/variant';

import { SamCanvasError } from '../element-error.ts';
import { modelNamed, registeredModels } from '../model-registry.ts';

/** A model as an element takes it: by name, or as it is. */
export type ModelInput = string | Variant;

const variants: Variant[] = [];
let pageEngine: Promise<Engine> | undefined;

/**
 * One engine for all elements of a page, so that they share the models that they load. Its code comes
 * with the first of them: pages that give their elements an engine never load it.
 */
function sharedEngine(variant: Variant): Promise<Engine> {
  if (!variants.includes(variant)) {
    const sameName = variants.findIndex(({ name }) => name === variant.name);
    if (sameName >= 0) variants.splice(sameName, 1);
    variants.push(variant);
  }
  pageEngine ??= makeEngine();
  return pageEngine;
}

async function makeEngine(): Promise<Engine> {
  try {
    const { createEngine } = await import('@samgpu/session/page-engine');
    return createEngine({ variants });
  } catch (error) {
    // Code that did not arrive is asked for again with the next attempt.
    pageEngine = undefined;
    throw error;
  }
}

/** A registered model, or the one that was given. @throws SamCanvasError `no-model` */
async function findModel(input: ModelInput | null): Promise<Variant> {
  if (input !== null && typeof input !== 'string') return input;
  const known = registeredModels();
  const name = input ?? known[0];
  const variant = name === undefined ? undefined : await modelNamed(name);
  if (variant !== undefined) return variant;
  const names = known.map((one) => `"${one}"`).join(', ');
  throw new SamCanvasError(
    'no-model',
    name === undefined
      ? `No model. Import "@samgpu/element/nano", or set the element's property "model" to a variant.`
      : `No model "${name}"; ${names === '' ? 'none is' : `${names} are`} registered. Call registerModel first.`,
  );
}

/** A session of an element's own. */
export interface OwnSession {
  readonly session: Session;
  readonly engine: Engine;
  /** Of the model that it is to load first. */
  readonly name: string;
  /** For people. */
  readonly title: string;
}

/** @param given - an engine of the page; the element does not dispose of it */
export async function makeOwnSession(
  model: ModelInput | null,
  given: Engine | null,
): Promise<OwnSession> {
  const { name, title, engine } = await modelOn(model, given);
  return { session: new Session({ engine }), engine, name, title };
}

/** The model that is wanted, on an engine that offers it. @throws SamCanvasError `no-model` */
export async function modelOn(
  model: ModelInput | null,
  given: Engine | null,
): Promise<{ readonly name: string; readonly title: string; readonly engine: Engine }> {
  if (given === null) {
    const variant = await findModel(model);
    const { name, title } = variant;
    return { name, title, engine: await sharedEngine(variant) };
  }
  if (model !== null && typeof model !== 'string') {
    return { name: model.name, title: model.title, engine: given };
  }
  const offered = await given.models();
  const found = model === null ? offered[0] : offered.find(({ name }) => name === model);
  if (found !== undefined) return { name: found.name, title: found.title, engine: given };
  const names = offered.map(({ name }) => `"${name}"`).join(', ') || 'none';
  throw new SamCanvasError('no-model', `No model "${model ?? ''}"; the engine offers ${names}.`);
}
