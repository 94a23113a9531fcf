/** Of attributes that only we write; other programs pass over them. */
export const layerNamespace = 'https://samgpu.dev/ns/layers/1.0/';
