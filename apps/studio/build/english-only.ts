import type { Plugin } from 'vite';

/** A file of strings in one language, as react-aria has them beside each component. */
const OTHER_LANGUAGE = /\/(?!en-)[a-z]{2}-[A-Z]{2}\.m?js$/;
const NOTHING = '\0studio:no-strings';

/**
 * Leaves out what react-aria says in languages that the Studio does not speak: 200 kB. It then takes
 * the English strings, as its own plugin for this has it.
 */
export function englishOnly(): Plugin {
  return {
    name: 'studio:english-only',
    enforce: 'pre',
    resolveId(source, importer) {
      const isOfAria = importer?.includes('/react-aria') || importer?.includes('/react-stately');
      return isOfAria && OTHER_LANGUAGE.test(source) ? NOTHING : null;
    },
    load: (id) => (id === NOTHING ? 'export default undefined;' : null),
  };
}
