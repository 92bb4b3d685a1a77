/** What is left of an earlier task, as figures: its main score now and at the best, what of that is forgotten, and how far it is from where the run began. */
import { mainMetric } from '../../core/score.ts';
import { useT } from '../i18n/index.ts';
import { liveLog } from '../state/session.ts';
import { metricText } from './metricName.ts';
import { metricVersion } from './metrics.ts';
import { useVersion } from './useVersion.ts';

export function Forgotten() {
  const t = useT();
  useVersion(metricVersion, 2);
  const forgotten = liveLog.last('old.forgetting');
  const metric = mainMetric(
    liveLog.names().flatMap((name) => (name.startsWith('old.val.') ? [name.slice('old.'.length)] : [])),
  );
  if (forgotten === undefined || metric === undefined) return null;
  const transfer = liveLog.last('old.transfer') ?? 0;
  const text = (value: number) => metricText(t, metric, value);
  return (
    <p className="small number" style={{ margin: '2px 0 0' }} title={t('train.old.explain')}>
      {t('train.old.figure', {
        now: text(liveLog.last(`old.${metric}`) ?? Number.NaN),
        forgotten: text(forgotten),
        transfer: `${transfer > 0 ? '+' : ''}${text(transfer)}`,
      })}
    </p>
  );
}
