import { writeFormulaCheckpoint } from './src/fixtures/formula-checkpoint.ts';
for (const m of process.argv.slice(2)) {
  console.time(m);
  console.log(await writeFormulaCheckpoint(m, `/tmp/conv/${m}`));
  console.timeEnd(m);
}
