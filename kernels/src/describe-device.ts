import { type KernelDevice, MINIMAL_DEVICE, type SubgroupMatrixConfiguration } from './kernel.ts';

const softwareNames = /swiftshader|llvmpipe|lavapipe|basic render/i;

// Not yet in the type declarations: an experiment of Dawn's.
interface ExperimentalInfo {
  readonly subgroupMatrixConfigs?: readonly SubgroupMatrixConfiguration[];
}

/** What kernels may use of a device that has been opened. Reads properties and creates nothing. */
export function describeDevice(device: GPUDevice): KernelDevice {
  const { adapterInfo: info, features, limits } = device;
  const names = [info.vendor, info.architecture, info.device, info.description].join(' ');
  const hasSubgroups = features.has('subgroups');
  const { subgroupMatrixConfigs = [] } = info as ExperimentalInfo;
  return {
    ...MINIMAL_DEVICE,
    float16: features.has('shader-f16'),
    subgroupMinSize: hasSubgroups ? info.subgroupMinSize : 0,
    subgroupMaxSize: hasSubgroups ? info.subgroupMaxSize : 0,
    subgroupMatrices: features.has('chromium-experimental-subgroup-matrix')
      ? [...subgroupMatrixConfigs]
      : [],
    workgroupStorage: limits.maxComputeWorkgroupStorageSize,
    workgroupInvocations: limits.maxComputeInvocationsPerWorkgroup,
    workgroupSizeX: limits.maxComputeWorkgroupSizeX,
    workgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    software: softwareNames.test(names),
    vendor: info.vendor.toLowerCase(),
    architecture: info.architecture.toLowerCase(),
  };
}
