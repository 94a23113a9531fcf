import { errorDetails } from '../error-details.ts';
import type { ImageDiagnosis } from './diagnosis.ts';

/** Which image files are read. */
export async function describeImages(): Promise<ImageDiagnosis> {
  try {
    const { default: sharp } = await import('sharp');
    const names = ['jpeg', 'png', 'webp', 'heif', 'tiff', 'gif'] as const;
    const formats = names.filter((name) => sharp.format[name].input.buffer);
    return {
      sharp: sharp.versions.sharp ?? 'unknown',
      // sharp counts AVIF as HEIF and brings no decoder for the rest of it.
      formats: formats.map((name) => (name === 'heif' ? 'avif' : name)),
    };
  } catch (error) {
    return { sharp: null, formats: [], note: errorDetails(error).message };
  }
}
