/** Long work: what is going on, how far, how fast, how long still, and a way out. */
import { Progress as Bar, Button } from '@mantine/core';
import type { Progress } from '../../workers/api.ts';
import { useT } from '../i18n/index.ts';
import { phaseKey } from '../i18n/phase.ts';

export function ProgressLine({ progress, cancel }: { progress?: Progress; cancel?: () => void }) {
  const t = useT();
  const phase = t(phaseKey(progress?.phase));
  const share = progress && progress.total > 0 ? (100 * progress.done) / progress.total : 100;
  return (
    <div className="stack" style={{ gap: 6 }} role="status">
      <div className="row small">
        <span className="grow">
          {phase}
          {progress && progress.total > 0
            ? ` · ${t('progress.line', { done: progress.done, total: progress.total })}`
            : ''}
        </span>
        {progress?.rate !== undefined && (
          <span className="muted">{t('progress.rate', { rate: t.number(progress.rate) })}</span>
        )}
        {progress?.secondsLeft !== undefined && (
          <span className="muted">{t('bar.left', { time: t.duration(progress.secondsLeft) })}</span>
        )}
        {cancel && (
          <Button size="compact-xs" variant="default" onClick={cancel}>
            {t('common.cancel')}
          </Button>
        )}
      </div>
      <Bar value={share} animated={!progress || progress.total === 0} aria-label={phase} size={6} />
    </div>
  );
}
