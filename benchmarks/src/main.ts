/** `npm run bench -- SUBJECT [--json]` */
import { parseArgs } from 'node:util';

import { benchNano } from './nano.ts';

const SUBJECTS: Readonly<Record<string, (options: { readonly json: boolean }) => Promise<void>>> = {
  nano: benchNano,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const [subject = ''] = positionals;
const run = SUBJECTS[subject];
if (run === undefined) {
  const known = Object.keys(SUBJECTS).join(', ');
  console.error(`bench: there is no subject "${subject}"; wanted one of ${known}`);
  process.exitCode = 2;
} else {
  await run(values);
}
