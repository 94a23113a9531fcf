export { describeDevice } from './describe-device.ts';
export {
  type Binding,
  type Kernel,
  type KernelDevice,
  MINIMAL_DEVICE,
  type SubgroupMatrixConfiguration,
} from './kernel.ts';
export {
  type Specialization,
  specialize,
  SpecializeError,
  spreadWorkgroups,
} from './specialize.ts';
