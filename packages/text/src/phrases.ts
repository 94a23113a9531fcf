/**
 * The things that words name: parted by full stops, commas, semicolons and lines.
 *
 * @returns each once, whatever its case, in the order in which they stand
 */
export function phrasesOf(words: string): string[] {
  const phrases = new Map<string, string>();
  for (const part of words.split(/[.,;\n]/)) {
    const phrase = part.trim().replaceAll(/\s+/g, ' ');
    const key = phrase.toLowerCase();
    if (phrase !== '' && !phrases.has(key)) phrases.set(key, phrase);
  }
  return [...phrases.values()];
}
