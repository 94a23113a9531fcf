/**
 * Flags of WebGPU as the specification numbers them.
 *
 * TypeScript's lib.dom declares none of them, and in Node they are no globals.
 */
export const BUFFER_USAGE = {
  mapRead: 0x0001,
  mapWrite: 0x0002,
  copySource: 0x0004,
  copyDestination: 0x0008,
  uniform: 0x0010,
  storage: 0x0080,
  queryResolve: 0x0200,
} as const;

export const TEXTURE_USAGE = {
  copySource: 0x01,
  copyDestination: 0x02,
  textureBinding: 0x04,
  renderAttachment: 0x10,
} as const;

export const MAP_READ = 0x0001;
export const FRAGMENT_STAGE = 0x0002;
export const COMPUTE_STAGE = 0x0004;
