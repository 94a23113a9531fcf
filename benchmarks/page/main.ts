import { startPage } from '../src/page/start-page.ts';

await startPage();
