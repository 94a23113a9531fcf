// What a PSD has no place for stands in its XMP, which other programs keep and do not mind: which layer
// is the picture, which ones are objects, and their exact colours.

import type { RgbColor } from '@samgpu/mask';

import { hexadecimalColor, parseHexadecimalColor } from '../hexadecimal-color.ts';
import { layerNamespace } from '../layer-namespace.ts';
import { escapeXml } from '../xml/escape-xml.ts';
import { parseXml, type XmlElement } from '../xml/parse-xml.ts';

/** By number of a layer. */
export interface PsdNotes {
  readonly picture: number | undefined;
  readonly colors: ReadonlyMap<number, RgbColor>;
}

export function writeNotes({ picture, colors }: PsdNotes): string {
  const objects = [...colors]
    .map(([id, color]) => `${id}:${hexadecimalColor(color).slice(1)}`)
    .join(' ');
  const attributes = [
    ...(picture === undefined ? [] : [`samgpu:picture="${picture}"`]),
    `samgpu:objects="${escapeXml(objects)}"`,
  ].join(' ');
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="samgpu" xmlns:samgpu="${layerNamespace}" ${attributes}/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;
}

/** @returns undefined where there are none, or none that could be made sense of */
export function readNotes(xmp: string | undefined): PsdNotes | undefined {
  if (xmp?.includes(layerNamespace) !== true) return undefined;
  let root: XmlElement;
  try {
    root = parseXml(xmp, { maxElements: 10_000 });
  } catch {
    // Notes are a help, the layers are the content: those are read without them, too.
    return undefined;
  }
  const description = findWith(root, 'samgpu:objects');
  if (description === undefined) return undefined;
  const colors = new Map<number, RgbColor>();
  for (const entry of description.attributes.get('samgpu:objects')!.split(' ')) {
    const [, id, digits] = /^(\d{1,9}):([0-9a-f]{6})$/.exec(entry) ?? [];
    const color = digits === undefined ? undefined : parseHexadecimalColor(`#${digits}`);
    if (color !== undefined) colors.set(Number(id), color);
  }
  const picture = Number(description.attributes.get('samgpu:picture'));
  return { picture: Number.isInteger(picture) ? picture : undefined, colors };
}

function findWith(element: XmlElement, attribute: string): XmlElement | undefined {
  if (element.attributes.has(attribute)) return element;
  for (const child of element.children) {
    const found = findWith(child, attribute);
    if (found !== undefined) return found;
  }
  return undefined;
}
