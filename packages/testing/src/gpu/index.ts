export { createNodeGpu } from './node-webgpu.ts';
export {
  KernelRunError,
  type Operands,
  PreparedKernel,
  prepareKernel,
  withErrorScopes,
} from './prepared-kernel.ts';
export { compileKernel, runKernel } from './run-kernel.ts';
export {
  closeTestDevices,
  missingDevice,
  openTestDevice,
  type TestDevice,
  type TestDeviceOptions,
} from './test-device.ts';
export { type KernelTime, timeKernel, type TimeOptions } from './time-kernel.ts';
