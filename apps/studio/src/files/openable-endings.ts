/** What a file picker should offer, besides pictures. */
export const openableEndings: readonly string[] = [
  '.samgpu',
  '.psd',
  '.psb',
  '.ora',
  '.svg',
  '.json',
  '.zip',
];
