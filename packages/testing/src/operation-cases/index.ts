import { elementwiseCases } from './elementwise-cases.ts';
import { gridAttentionCases } from './grid-attention-cases.ts';
import { layerCases } from './layer-cases.ts';
import { layoutCases } from './layout-cases.ts';
import type { OperationCase } from './operation-case.ts';

export {
  type OperandSpec,
  type OperationCase,
  prepareCase,
  type PreparedCase,
} from './operation-case.ts';

/** Uses of every operation that all backends are compared with the interpreter on. */
export const operationCases: readonly OperationCase[] = [
  ...elementwiseCases,
  ...layerCases,
  ...gridAttentionCases,
  ...layoutCases,
];
