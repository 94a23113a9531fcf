import { readFileSync } from 'node:fs';

/**
 * The first example of a package's README, and the same code as a test in the package's `src` runs it, between
 * `// #region example` and `// #endregion`.
 *
 * @param test - the test's `import.meta.url`
 * @throws Error where one of them is not there
 */
export function readmeExample(test: string): { readonly shown: string; readonly run: string } {
  const part = (file: URL, pattern: RegExp): string => {
    const found = pattern.exec(readFileSync(file, 'utf8'))?.[1];
    if (found === undefined) throw new Error(`${file.pathname} has no example`);
    return found;
  };
  return {
    shown: part(new URL('../README.md', test), /```ts\n(.*?)```/s),
    run: part(new URL(test), /\/\/ #region example\n(.*?)\/\/ #endregion/s),
  };
}
