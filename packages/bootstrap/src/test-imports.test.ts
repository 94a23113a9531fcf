import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-workspace.ts';
import { findTestImports } from './test-imports.js';

test('sources that are built import what they depend on, and nothing else', () => {
  const root = temporaryFolder({
    'packages/video/package.json': JSON.stringify({
      name: 'video',
      dependencies: { '@scope/needed': '1.0.0' },
      optionalDependencies: { wished: '1.0.0' },
      devDependencies: { vitest: '1.0.0', types: '1.0.0' },
    }),
    'packages/video/src/right.ts': [
      "import { a } from '@scope/needed/part';",
      "import type { B } from './b.ts';",
      "import '#platform';",
      "export * from 'node:fs';",
      "const wished = await import('wished');",
      "// import { c } from 'vitest';",
      " * import { d } from 'vitest';",
    ].join('\n'),
    'packages/video/src/wrong.ts': [
      "import type { E } from 'types';",
      'import {',
      '  f,',
      "} from '@scope/other';",
      "const g = await import('vitest');",
    ].join('\n'),
    'packages/video/src/wrong.test.ts': "import { test } from 'vitest';",
    'packages/video/src/fixtures/wrong.ts': "import { test } from 'vitest';",
  });
  expect(findTestImports(root)).toEqual([
    'packages/video/src/wrong.ts imports types, which is no dependency',
    'packages/video/src/wrong.ts imports @scope/other, which is no dependency',
    'packages/video/src/wrong.ts imports vitest, which is no dependency',
  ]);
});
