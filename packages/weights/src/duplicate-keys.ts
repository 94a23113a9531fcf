export interface DuplicateKey {
  readonly key: string;
  /** The keys that lead to the object that has it twice; empty for the outermost. Arrays add nothing. */
  readonly path: readonly string[];
}

interface Level {
  /** The keys so far, or undefined for an array. */
  readonly keys: Set<string> | undefined;
  /** The key whose value is being read. */
  current: string | undefined;
}

/**
 * Finds a key that one object has twice, which `JSON.parse` hides by keeping the last.
 * Keys are compared unescaped: `"a"` and `"\u0061"` are the same.
 *
 * @param json - must be valid JSON, that is `JSON.parse` took it
 */
export function findDuplicateKey(json: string): DuplicateKey | undefined {
  const levels: Level[] = [];
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '{') {
      levels.push({ keys: new Set(), current: undefined });
    } else if (character === '[') {
      levels.push({ keys: undefined, current: undefined });
    } else if (character === '}' || character === ']') {
      levels.pop();
    } else if (character === '"') {
      const end = stringEnd(json, i);
      const level = levels.at(-1);
      // In valid JSON a string before a colon is a key, and nothing else is.
      if (level?.keys !== undefined && isBeforeColon(json, end)) {
        const key = unescape(json.slice(i, end));
        if (level.keys.has(key)) {
          return { key, path: pathTo(levels) };
        }
        level.keys.add(key);
        level.current = key;
      }
      i = end - 1;
    }
  }
  return undefined;
}

/** @returns the index after the closing quote */
function stringEnd(json: string, start: number): number {
  let i = start + 1;
  while (json[i] !== '"') {
    i += json[i] === '\\' ? 2 : 1;
  }
  return i + 1;
}

function isBeforeColon(json: string, from: number): boolean {
  let i = from;
  while (json[i] === ' ' || json[i] === '\n' || json[i] === '\t' || json[i] === '\r') {
    i++;
  }
  return json[i] === ':';
}

function unescape(literal: string): string {
  return literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);
}

function pathTo(levels: readonly Level[]): string[] {
  return levels
    .slice(0, -1)
    .map((level) => level.current)
    .filter((key) => key !== undefined);
}
