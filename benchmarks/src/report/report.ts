/** `npm run bench -- report`: writes the newest stored results into the READMEs. */
import { readFileSync, writeFileSync } from 'node:fs';

import { RESULTS_FOLDER } from '../results.ts';
import { WORKSPACE } from '../workspace.ts';
import { fillMarkers } from './fill-markers.ts';
import { renderAll, renderFigures } from './render-report.ts';
import { readNewest } from './stored-results.ts';

export function report(): void {
  const results = readNewest(RESULTS_FOLDER);
  update(`${WORKSPACE}benchmarks/README.md`, 'results', renderAll(results));
  const nano = results.get('cpu/nano');
  update(`${WORKSPACE}README.md`, 'figures:nano', nano?.what === 'nano' ? renderFigures(nano) : '');
}

function update(path: string, marker: string, content: string): void {
  const before = readFileSync(path, 'utf8');
  const after = fillMarkers(before, marker, content);
  if (after !== before) {
    writeFileSync(path, after);
  }
  console.log(`${after === before ? 'unchanged' : 'written'}: ${path}`);
}
