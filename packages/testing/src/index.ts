export { colorGrounder, type ColoredRegion } from './color-grounder.ts';
export { type Closeness, compare, type Comparison, expectClose, MismatchError } from './compare.ts';
export { FormulaWeightStore } from './formula-weight-store.ts';
export {
  type FormulaFamily,
  type FormulaOptions,
  type FormulaRule,
  formulaRule,
  formulaTensor,
  formulaValues,
} from './formula-weights.ts';
export { unpackBits, unpackMasks } from './packed-bits.ts';
export {
  type Golden,
  type GoldenMasks,
  openParityCase,
  type ParityCase,
  ParityError,
} from './parity-case.ts';
export { readmeExample } from './readme-example.ts';
export { sampleIndices, takeSamples } from './sample-indices.ts';
export { seededValues } from './seeded-values.ts';
export { type AskedQuestion, type GrounderServer, serveColorGrounder } from './serve-grounder.ts';
export { sharedDirectory, sharedPath } from './shared-directory.ts';
