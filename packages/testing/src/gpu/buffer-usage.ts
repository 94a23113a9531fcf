// The type declarations of WebGPU do not have these constants of its specification.
export const MAP_READ = 0x1;
export const COPY_SOURCE = 0x4;
export const COPY_DESTINATION = 0x8;
export const STORAGE = 0x80;
export const QUERY_RESOLVE = 0x200;

/** Of `mapAsync`. */
export const MAP_MODE_READ = 0x1;
