/** Starts the studio: workers, telemetry, what this browser keeps, then the page. */
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './theme/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { connectApi } from './app/api.ts';
import { reportError } from './app/report.tsx';
import { loadCapabilities } from './state/capabilities.ts';
import { refreshDatasets } from './state/datasets.ts';
import { loadCatalog } from './state/recipe.ts';
import { refreshRuns } from './state/runs.ts';
import { connectTelemetry } from './state/session.ts';

await connectApi();
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
for (const load of [connectTelemetry, loadCapabilities, loadCatalog, refreshDatasets, refreshRuns])
  load().catch(reportError);

window.addEventListener('unhandledrejection', (event) => reportError(event.reason));
