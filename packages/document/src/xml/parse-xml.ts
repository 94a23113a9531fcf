// A reader of XML 1.0 for small documents from anywhere. What only serves attacks is not there: no
// entity beyond the five of the standard is ever expanded, and nothing outside of the text is read.

import { DocumentError } from '../document-error.ts';

/** An element with its attributes, namespace prefixes as they were written. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Text directly in it, without that of its children. */
  readonly text: string;
}

/** How much a document may hold. */
export interface XmlLimits {
  /** Elements within elements. Default 256. */
  readonly maxDepth?: number;
  /** Default 200 000. */
  readonly maxElements?: number;
}

interface OpenElement extends XmlElement {
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};
const nameStart = /[A-Za-z_:\u0080-\uffff]/;
const namePattern = /[^\s/>=<"'&]+/y;
const spacePattern = /[\s]*/y;

/**
 * Reads a document to its outermost element. Comments, processing instructions and the document type
 * are passed over.
 *
 * @throws DocumentError `damaged` for what is not well-formed, `too-large` beyond the limits
 */
export function parseXml(text: string, limits: XmlLimits = {}): XmlElement {
  return new XmlParser(text, limits).parse();
}

class XmlParser {
  readonly #text: string;
  readonly #maxDepth: number;
  #elementsLeft: number;
  #at = 0;

  constructor(text: string, { maxDepth = 256, maxElements = 200_000 }: XmlLimits) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#elementsLeft = maxElements;
  }

  parse(): XmlElement {
    const text = this.#text;
    const open: OpenElement[] = [];
    let root: OpenElement | undefined;
    while (this.#at < text.length) {
      const start = text.indexOf('<', this.#at);
      const words = text.slice(this.#at, start < 0 ? text.length : start);
      this.#addText(open.at(-1), words);
      if (start < 0) break;
      this.#at = start;
      if (text.startsWith('<!--', start)) this.#skipPast('-->', 4);
      else if (text.startsWith('<?', start)) this.#skipPast('?>', 2);
      else if (text.startsWith('<![CDATA[', start)) {
        const end = this.#find(']]>', start + 9);
        const inner = open.at(-1);
        if (inner === undefined) throw this.#error('text outside of all elements');
        inner.text += text.slice(start + 9, end);
        this.#at = end + 3;
      } else if (text.startsWith('<!DOCTYPE', start) && root === undefined)
        this.#skipDocumentType();
      else if (text.startsWith('</', start)) {
        this.#at += 2;
        const name = this.#name();
        const element = open.pop();
        if (element?.name !== name) throw this.#error(`</${name}> closes what is not open`);
        this.#expect('>');
      } else {
        const element = this.#startTag();
        const parent = open.at(-1);
        if (parent === undefined && root !== undefined)
          throw this.#error('a second outermost element');
        parent?.children.push(element);
        root ??= element;
        if (text[this.#at] === '/') {
          this.#at += 1;
        } else {
          open.push(element);
        }
        this.#expect('>');
        if (open.length > this.#maxDepth) {
          throw new DocumentError(
            'too-large',
            `The XML has elements within elements ${open.length} deep; the limit is ${this.#maxDepth}.`,
          );
        }
      }
    }
    const unclosed = open.at(-1);
    if (unclosed !== undefined) throw this.#error(`<${unclosed.name}> is never closed`);
    if (root === undefined) throw this.#error('no element');
    return root;
  }

  #startTag(): OpenElement {
    this.#elementsLeft -= 1;
    if (this.#elementsLeft < 0) {
      throw new DocumentError('too-large', 'The XML has more elements than are read.');
    }
    this.#at += 1;
    const name = this.#name();
    const attributes = new Map<string, string>();
    for (;;) {
      this.#skipSpace();
      const next = this.#text[this.#at];
      if (next === undefined) throw this.#error(`<${name}> ends within`);
      if (next === '>' || next === '/') break;
      const attribute = this.#name();
      this.#skipSpace();
      this.#expect('=');
      this.#skipSpace();
      const quote = this.#text[this.#at];
      if (quote !== '"' && quote !== "'") throw this.#error(`${attribute} has no quoted value`);
      const end = this.#find(quote, this.#at + 1);
      const value = this.#text.slice(this.#at + 1, end);
      if (value.includes('<')) throw this.#error(`the value of ${attribute} holds "<"`);
      if (attributes.has(attribute)) throw this.#error(`${attribute} stands twice in <${name}>`);
      attributes.set(attribute, decodeEntities(value));
      this.#at = end + 1;
    }
    return { name, attributes, children: [], text: '' };
  }

  #addText(element: OpenElement | undefined, words: string): void {
    if (element !== undefined) element.text += decodeEntities(words);
    else if (words.replace(/^\uFEFF/, '').trim() !== '') {
      throw this.#error('text outside of all elements');
    }
  }

  /** A document type may declare entities in brackets; they are passed over, never used. */
  #skipDocumentType(): void {
    const text = this.#text;
    let at = this.#at + 9;
    let inBrackets = false;
    for (; at < text.length; at++) {
      const character = text[at]!;
      if (character === '"' || character === "'") at = this.#find(character, at + 1);
      else if (text.startsWith('<!--', at)) at = this.#find('-->', at) + 2;
      else if (character === '[') inBrackets = true;
      else if (character === ']') inBrackets = false;
      else if (character === '>' && !inBrackets) {
        this.#at = at + 1;
        return;
      }
    }
    throw this.#error('the document type never ends');
  }

  #name(): string {
    namePattern.lastIndex = this.#at;
    const name = namePattern.exec(this.#text)?.[0];
    if (name === undefined || !nameStart.test(name[0]!))
      throw this.#error('no name where one must be');
    this.#at += name.length;
    return name;
  }

  #skipSpace(): void {
    spacePattern.lastIndex = this.#at;
    this.#at += spacePattern.exec(this.#text)![0].length;
  }

  #skipPast(end: string, offset: number): void {
    this.#at = this.#find(end, this.#at + offset) + end.length;
  }

  #find(wanted: string, from: number): number {
    const at = this.#text.indexOf(wanted, from);
    if (at < 0) throw this.#error(`no ${wanted} after it`);
    return at;
  }

  #expect(wanted: string): void {
    this.#skipSpace();
    if (this.#text[this.#at] !== wanted) throw this.#error(`wanted ${wanted}`);
    this.#at += 1;
  }

  #error(what: string): DocumentError {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    return new DocumentError('damaged', `The XML is not well-formed at line ${line}: ${what}.`);
  }
}

/** References to entities that the standard does not know stay as they are. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z]+);/g, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole;
    const isHexadecimal = name[1] === 'x';
    const code = parseInt(name.slice(isHexadecimal ? 2 : 1), isHexadecimal ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
