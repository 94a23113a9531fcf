/**
 * Where the weights of nano lie: a safetensors file (fp16, batch norms folded) that travels inside this package.
 *
 * A `file:` URL in Node. Vite and webpack 5 recognise the expression, emit the file as an asset and put the asset's
 * address here; for that it has to stay one literal expression: no variable, no template.
 */
export const weightsUrl: URL = new URL('../weights/nano.safetensors', import.meta.url);

/** SHA-256 of the weights file, in lower-case hexadecimal. */
export const weightsSha256: string =
  '8cf65629fc7af117900154f234600f8b511d78bd3b6fa7a0fa0f9152b26e4246';

/** Size of the weights file in bytes. */
export const weightsBytes: number = 5_207_512;
