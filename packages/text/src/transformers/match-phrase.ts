/**
 * Which phrase a label of Grounding DINO means: it gives those words of the text that fit the box,
 * which may be a part of a phrase, or parts of several.
 *
 * @returns the phrase with which it shares most words, relative to its length; else the label
 */
export function matchPhrase(label: string, phrases: readonly string[]): string {
  const given = new Set(wordsOf(label));
  let best = label.trim();
  let most = 0;
  for (const phrase of phrases) {
    const words = wordsOf(phrase);
    const share = words.filter((word) => given.has(word)).length / words.length;
    if (share > most) {
      most = share;
      best = phrase;
    }
  }
  return best;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
