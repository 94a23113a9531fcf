/** What identifies an adapter; a subset of GPUAdapterInfo. */
export interface AdapterIdentity {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

const SOFTWARE_NAMES = /swiftshader|llvmpipe|lavapipe|softpipe|\bwarp\b|basic render|software/i;

/**
 * Whether an adapter is a rasteriser on the CPU: SwiftShader (Chrome), llvmpipe and lavapipe (Mesa),
 * WARP (Windows), or whatever calls itself a fallback.
 *
 * ONNX Runtime on the same CPU is many times faster than WGSL there.
 */
export function isSoftwareAdapter(info: AdapterIdentity): boolean {
  const { vendor, architecture, device, description, isFallbackAdapter = false } = info;
  return (
    isFallbackAdapter || SOFTWARE_NAMES.test([vendor, architecture, device, description].join(' '))
  );
}
