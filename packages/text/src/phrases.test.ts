import { expect, test } from 'vitest';

import { phrasesOf } from './phrases.ts';
import { matchPhrase } from './transformers/match-phrase.ts';

test('words are parted into the things that they name', () => {
  expect(phrasesOf('the red car')).toEqual(['the red car']);
  expect(phrasesOf(' a  Cat. dog,DOG;\n\nbird.')).toEqual(['a Cat', 'dog', 'bird']);
  expect(phrasesOf('., ;')).toEqual([]);
});

test('labels of Grounding DINO are parts of phrases', () => {
  const phrases = ['the red car', 'Dog', 'hot dog stand'];
  expect(matchPhrase('red car', phrases)).toBe('the red car');
  expect(matchPhrase('dog', phrases)).toBe('Dog');
  expect(matchPhrase('hot dog', phrases)).toBe('Dog');
  expect(matchPhrase('stand hot', phrases)).toBe('hot dog stand');
  expect(matchPhrase(' bus ', phrases)).toBe('bus');
  expect(matchPhrase('', phrases)).toBe('');
});
