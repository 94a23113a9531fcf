/** How a kind of file begins. */
interface Signature {
  readonly name: string;
  /** Whether the decoder of Node reads it. */
  readonly readable: boolean;
  readonly offset: number;
  /** As Latin-1 text. `.` matches any byte. */
  readonly bytes: string;
}

const signatures: readonly Signature[] = [
  { name: 'JPEG', readable: true, offset: 0, bytes: '\xff\xd8\xff' },
  { name: 'PNG', readable: true, offset: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { name: 'WebP', readable: true, offset: 0, bytes: 'RIFF....WEBP' },
  { name: 'GIF', readable: true, offset: 0, bytes: 'GIF8' },
  { name: 'TIFF', readable: true, offset: 0, bytes: 'II*\0' },
  { name: 'TIFF', readable: true, offset: 0, bytes: 'MM\0*' },
  { name: 'BigTIFF', readable: true, offset: 0, bytes: 'II+\0' },
  { name: 'BigTIFF', readable: true, offset: 0, bytes: 'MM\0+' },
  { name: 'AVIF', readable: true, offset: 4, bytes: 'ftypavi' },
  // The brand of both AVIF and HEIC collections; the decoder tells them apart.
  { name: 'HEIF', readable: true, offset: 4, bytes: 'ftypmif1' },
  { name: 'HEIC', readable: false, offset: 4, bytes: 'ftyphe' },
  { name: 'JPEG XL', readable: false, offset: 0, bytes: '\xff\x0a' },
  { name: 'JPEG XL', readable: false, offset: 4, bytes: 'JXL ' },
  { name: 'JPEG 2000', readable: false, offset: 4, bytes: 'jP  ' },
  { name: 'BMP', readable: false, offset: 0, bytes: 'BM' },
  { name: 'Photoshop', readable: false, offset: 0, bytes: '8BPS' },
  { name: 'DICOM', readable: false, offset: 128, bytes: 'DICM' },
  { name: 'PDF', readable: false, offset: 0, bytes: '%PDF' },
  { name: 'MP4', readable: false, offset: 4, bytes: 'ftyp' },
  { name: 'ZIP', readable: false, offset: 0, bytes: 'PK\x03\x04' },
  { name: 'gzip', readable: false, offset: 0, bytes: '\x1f\x8b' },
  { name: 'SVG', readable: false, offset: 0, bytes: '<svg' },
  { name: 'XML', readable: false, offset: 0, bytes: '<?xml' },
  { name: 'HTML', readable: false, offset: 0, bytes: '<!' },
];

/** How many bytes from the start of a file {@link findFormat} and {@link describeStart} look at. */
export const SIGNATURE_LENGTH = 132;

/** The kind of a file by its first bytes, or undefined if it is none that is known. */
export function findFormat(
  start: Uint8Array,
): { readonly name: string; readonly readable: boolean } | undefined {
  return signatures.find(({ offset, bytes }) =>
    Array.from(bytes).every(
      (character, i) => character === '.' || start[offset + i] === character.charCodeAt(0),
    ),
  );
}

/** What a file seems to be, for an error message. */
export function describeStart(start: Uint8Array): string {
  const format = findFormat(start);
  if (format !== undefined) return `${format.name} data`;
  const first = start.subarray(0, 12);
  const isText = first.every((byte) => (byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13));
  if (isText) return `text that begins with ${JSON.stringify(String.fromCharCode(...first))}`;
  const hexadecimal = Array.from(first, (byte) => byte.toString(16).padStart(2, '0'));
  return `data that begins with the bytes ${hexadecimal.join(' ')}`;
}
