export {
  type Composite,
  type CompositeOptions,
  type EdgeKind,
  makeComposite,
} from './composite.ts';
export { RandomStream } from './random-stream.ts';
export { type AlphaPlane } from './shapes.ts';
export { simulateMask, type SimulatedMask } from './simulated-mask.ts';
export { type TextureKind, textureKinds } from './texture.ts';
export { matteError, type MatteError, unknownRegion } from './matte-error.ts';
export { hardCases, matteCases, type MatteRatio, matteRatio } from './matte-cases.ts';
