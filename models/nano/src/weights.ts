/**
 * Where the weights of nano lie: a safetensors file (matrices in 8 bits, the rest fp16, batch norms folded) that travels inside this package.
 *
 * A `file:` URL in Node. Vite and webpack 5 recognise the expression, emit the file as an asset and put the asset's
 * address here; for that it has to stay one literal expression: no variable, no template.
 */
export const weightsUrl: URL = new URL('../weights/nano.safetensors', import.meta.url);

/** SHA-256 of the weights file, in lower-case hexadecimal. */
export const weightsSha256: string =
  '4e5c5ab6f04dea3f04bfef21e0f9c1c146a008859101faac52c81b3580f97b79';

/** Size of the weights file in bytes. */
export const weightsBytes: number = 2_694_696;
