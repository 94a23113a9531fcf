/**
 * What a kernel is to the backend that runs it: one shader dispatch as plain data.
 *
 * A kernel module turns the sizes of its operands and a variant into a `Kernel`. It creates no GPU
 * object; only the backend does. Sizes are `override` constants, so that a shader is compiled for
 * exactly the shapes of its graph.
 */

/** How a kernel uses a buffer, or a texture. */
export interface Binding {
  /** Name of the variable in the shader. Bindings are in the order of `@binding` in group 0. */
  readonly name: string;
  /** `texture`: one of two dimensions that gives floats, loaded from without a sampler. */
  readonly access: 'read' | 'read-write' | 'texture';
  /** Elements as the shader sees them, so that a buffer that is too small is caught early. */
  readonly bytes: number;
}

/** One dispatch. */
export interface Kernel {
  /** For labels and profiles, for example `matmul-tiled 4096x768x768`. */
  readonly label: string;
  /** Complete WGSL with the entry point `main`, specialised by `specialize`. */
  readonly source: string;
  /** Values of the shader's `override` constants. */
  readonly constants: Readonly<Record<string, number>>;
  readonly bindings: readonly Binding[];
  readonly workgroups: readonly [number, number, number];
  /** Features of the device without which the shader does not compile. */
  readonly features?: readonly string[];
  /** Multiplications and additions, for GFLOP/s. */
  readonly flops: number;
}

/** A shape in which a device multiplies matrices: `[M, K]` by `[K, N]`, as Dawn names it. */
export interface SubgroupMatrixConfiguration {
  readonly componentType: string;
  readonly resultComponentType: string;
  readonly M: number;
  readonly N: number;
  readonly K: number;
}

/** What kernels may use of a device. The defaults are those that WebGPU guarantees. */
export interface KernelDevice {
  /** `shader-f16` */
  readonly float16: boolean;
  /** `subgroups`, with the smallest and the largest size that may occur; 0 without. */
  readonly subgroupMinSize: number;
  readonly subgroupMaxSize: number;
  /** `chromium-experimental-subgroup-matrix`; empty without. */
  readonly subgroupMatrices: readonly SubgroupMatrixConfiguration[];
  readonly workgroupStorage: number; // bytes
  readonly workgroupInvocations: number;
  readonly workgroupSizeX: number;
  readonly workgroupsPerDimension: number;
  /** A rasteriser on the CPU: no real workgroup memory, barriers are dear. */
  readonly software: boolean;
  /** Lower-case, for example `nvidia`; empty where it is unknown. */
  readonly vendor: string;
  readonly architecture: string;
}

/** What every WebGPU device has. */
export const MINIMAL_DEVICE: KernelDevice = {
  float16: false,
  subgroupMinSize: 0,
  subgroupMaxSize: 0,
  subgroupMatrices: [],
  workgroupStorage: 16384,
  workgroupInvocations: 256,
  workgroupSizeX: 256,
  workgroupsPerDimension: 65535,
  software: false,
  vendor: '',
  architecture: '',
};
