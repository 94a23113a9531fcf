// What XML 1.0 cannot hold in any way: most control characters, halves of surrogate pairs.
const impossible =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text for an element or a quoted attribute. */
export function escapeXml(text: string): string {
  return text
    .replace(impossible, '\ufffd')
    .replaceAll(/[&<>"\t\n\r]/g, (character) => escapes[character]!);
}
