/** Measures the next steps of the open run. A failure is reported here; callers need not catch. */
import { profiling } from '../state/profile.ts';
import { session, takeStatus } from '../state/session.ts';
import { api } from './api.ts';
import { reportError } from './report.tsx';

export async function profileSteps(steps: number): Promise<void> {
  const { run } = session.getState();
  profiling.setState({ busy: true });
  try {
    const profile = await api().engine.profile(steps);
    profiling.setState({ run, profile, at: performance.now() });
    takeStatus(await api().engine.status());
  } catch (error) {
    reportError(error);
  } finally {
    profiling.setState({ busy: false });
  }
}
