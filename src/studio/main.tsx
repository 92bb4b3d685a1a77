/** Starts the studio: workers, telemetry, what this browser keeps, then the page. */
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './theme/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { reportError } from './app/report.tsx';
import { loadCapabilities } from './state/capabilities.ts';
import { refreshDatasets } from './state/datasets.ts';
import { loadCatalog, warmUp } from './state/recipe.ts';
import { refreshRuns } from './state/runs.ts';
import { connectTelemetry } from './state/session.ts';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
for (const load of [connectTelemetry, refreshDatasets, refreshRuns]) load().catch(reportError);
Promise.all([loadCapabilities(), loadCatalog()]).then(warmUp, reportError);

window.addEventListener('unhandledrejection', (event) => reportError(event.reason));
