import { FilesError } from './files-error.ts';

/**
 * Puts a PNG on the clipboard. Call it at once when a person asks for it, and let `png` be a promise of
 * what takes longer: browsers allow it only for a moment after a click.
 *
 * @throws FilesError `clipboard-missing` or `clipboard-denied`; what `png` rejects with
 */
export async function copyPng(png: Blob | Promise<Blob>): Promise<void> {
  await copy({ 'image/png': png });
}

/**
 * Puts an SVG on the clipboard: as text, which editors take, and as a picture where the browser can.
 *
 * @throws FilesError `clipboard-missing` or `clipboard-denied`; what `svg` rejects with
 */
export async function copySvg(svg: Blob | Promise<Blob>): Promise<void> {
  const text = Promise.resolve(svg).then((blob) => new Blob([blob], { type: 'text/plain' }));
  const isPicture =
    typeof ClipboardItem !== 'undefined' &&
    'supports' in ClipboardItem &&
    ClipboardItem.supports('image/svg+xml');
  await copy({ 'text/plain': text, ...(isPicture && { 'image/svg+xml': svg }) });
}

async function copy(content: Record<string, Blob | Promise<Blob>>): Promise<void> {
  if (typeof ClipboardItem === 'undefined' || !('clipboard' in navigator)) {
    throw new FilesError(
      'clipboard-missing',
      'This browser gives pages no clipboard here. Download the file instead.',
    );
  }
  try {
    await navigator.clipboard.write([new ClipboardItem(content)]);
  } catch (cause) {
    // Browsers hide why content failed behind a refusal of their own.
    for (const part of Object.values(content)) await Promise.resolve(part);
    throw new FilesError(
      'clipboard-denied',
      'The browser does not let this page use the clipboard. Allow it in the site settings, or download the file instead.',
      { cause },
    );
  }
}
