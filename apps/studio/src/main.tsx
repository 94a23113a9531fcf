import { createRoot } from 'react-dom/client';

import { App } from './app/App.tsx';
import { ErrorBoundary } from './app/ErrorBoundary.tsx';
import { openLaunchFiles } from './app/launch-files.ts';
import { StudioContext } from './app/studio-context.ts';
import { applyTheme } from './app/use-theme.ts';
import { registerServiceWorker } from './service-worker/register.ts';
import { sayProblem } from './state/notices.ts';
import { SettingsStore } from './state/settings.ts';
import { Studio } from './state/studio.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');

const query = new URLSearchParams(location.search);
const settings = new SettingsStore(query);
applyTheme(settings.get().theme);
const studio = new Studio(settings);
studio
  .start({ fresh: query.has('fresh') })
  .catch((error: unknown) => sayProblem('The Studio could not start', error));
registerServiceWorker();
openLaunchFiles(studio);

createRoot(root).render(
  <ErrorBoundary studio={studio}>
    <StudioContext value={studio}>
      <App />
    </StudioContext>
  </ErrorBoundary>,
);
