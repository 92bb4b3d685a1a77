/** The diagnosis of a session, as if it had followed the run from its beginning. */
import { rowsOf } from '../metricLog.ts';
import type { MetricColumns } from '../run.ts';
import type { Session } from '../session.ts';
import { Diagnosis } from './diagnosis.ts';
import { factsFor } from './facts.ts';

/** Rows of an earlier sitting that are gone through again. */
const most = 20_000;

/** @param earlier what the run measured so far */
export function follow(session: Session, earlier: MetricColumns): Diagnosis {
  const diagnosis = new Diagnosis(
    () => session.recipe,
    () => factsFor(session.options.data, session.recipe),
  );
  for (const row of rowsOf(earlier).slice(-most)) diagnosis.row(row);
  return diagnosis;
}
