import type { OperationName } from '../node.ts';
import type { Replacement } from '../rewrite.ts';
import { gridAttentionComposite } from './grid-attention.ts';
import { rotaryComposite } from './rotary.ts';

/** Operations that can be expressed by others: a backend may have a kernel for them or rewrite them. */
export type CompositeOperation = Extract<OperationName, 'gridAttention' | 'rotary'>;

/** How each of them is expressed, for `rewrite`. */
export const composites: { readonly [Name in CompositeOperation]: Replacement<Name> } = {
  gridAttention: gridAttentionComposite,
  rotary: rotaryComposite,
};
