import { type Activation, activationCode, linkActivation } from '../activation/activation.ts';
import type { Binding } from '../kernel.ts';
import { specialize } from '../specialize.ts';
import { source as noActivation } from './activation-none.wgsl.ts';
import { source as noBias } from './bias-none.wgsl.ts';
import { source as scalarBias } from './bias-scalar.wgsl.ts';
import { source as vectorBias } from './bias.wgsl.ts';
import { source as finish } from './finish.wgsl.ts';
import { source as scalarOutput } from './output-scalar.wgsl.ts';
import { source as vectorOutput } from './output.wgsl.ts';
import { source as noResidual } from './residual-none.wgsl.ts';
import { source as scalarResidual } from './residual-scalar.wgsl.ts';
import { source as vectorResidual } from './residual.wgsl.ts';
import { source as noScale } from './scale-none.wgsl.ts';
import { source as vectorScale } from './scale.wgsl.ts';

/** What a product goes through before it is stored: `residual + activation(product + bias)`. */
export interface Epilogue {
  /** Adds the binding `bias`, `[columns]`. */
  readonly bias?: boolean;
  /** By default none. */
  readonly activation?: Activation;
  /** Adds the binding `residual`, of the output's shape. */
  readonly residual?: boolean;
  /** `activation(residual + product + bias)` instead. */
  readonly activationAfterResidual?: boolean;
  /** Where these operands begin in their buffers, in elements. By default 0. */
  readonly biasOffset?: number;
  readonly residualOffset?: number;
}

/** Shaders with `store`, for columns that come in fours and for any. */
export interface OutputSources {
  readonly inFours: string;
  readonly otherwise: string;
}

export interface LinkedEpilogue {
  readonly source: string;
  readonly constants: Record<string, number>;
  /** From binding 2 on: the output `y`, then `bias`, `residual` and `scale` where they are used. */
  readonly bindings: readonly Binding[];
}

/**
 * The end of a shader that makes a dense `[rows, columns]`: `store(row, columnVector, columns, value)`.
 *
 * @param scaled - adds the binding `scale`, `[columns]` padded to a multiple of 4, which the product
 * is multiplied by first
 * @param outputs - what stores the results, by default in the order of rows and columns
 */
export function linkEpilogue(
  rows: number,
  columns: number,
  epilogue: Epilogue,
  scaled: boolean,
  outputs: OutputSources = { inFours: vectorOutput, otherwise: scalarOutput },
): LinkedEpilogue {
  const { bias = false, activation = 'none', residual = false } = epilogue;
  const { biasOffset = 0, residualOffset = 0, activationAfterResidual = false } = epilogue;
  const inFours = columns % 4 === 0 && biasOffset % 4 === 0 && residualOffset % 4 === 0;
  const unit = inFours ? 4 : 1;
  const constants: Record<string, number> = {
    ACTIVATION_AFTER_RESIDUAL: activationAfterResidual ? 1 : 0,
  };
  const bindings: Binding[] = [{ name: 'y', access: 'read-write', bytes: rows * columns * 4 }];
  const parts = [inFours ? outputs.inFours : outputs.otherwise, finish];

  const bind = (name: string, elements: number, source: string): void => {
    const number = 2 + bindings.length;
    parts.push(specialize(source, { constants: { [`${name.toUpperCase()}_BINDING`]: number } }));
    bindings.push({ name, access: 'read', bytes: elements * 4 });
  };
  if (bias) {
    bind('bias', biasOffset + columns, inFours ? vectorBias : scalarBias);
    constants['BIAS_OFFSET'] = biasOffset / unit;
  } else {
    parts.push(noBias);
  }
  if (residual) {
    const elements = residualOffset + rows * columns;
    bind('residual', elements, inFours ? vectorResidual : scalarResidual);
    constants['RESIDUAL_OFFSET'] = residualOffset / unit;
  } else {
    parts.push(noResidual);
  }
  if (scaled) {
    bind('scale', Math.ceil(columns / 4) * 4, vectorScale);
  } else {
    parts.push(noScale);
  }
  const linked = parts.join('\n');
  if (activation === 'none') {
    return { source: `${linked}\n${noActivation}`, constants, bindings };
  }
  constants['ACTIVATION'] = activationCode(activation);
  return { source: linkActivation(linked, 4), constants, bindings };
}
