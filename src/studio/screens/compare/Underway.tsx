/** Trials under way: which one, how far, how long still, and a way out. */
import { Button, Progress } from '@mantine/core';
import { useT } from '../../i18n/index.ts';
import css from './compare.module.css';

interface Props {
  label: string;
  /** What is trained now; absent while it is prepared. */
  says?: string;
  /** 0 … 1; absent while it is prepared. */
  share?: number;
  secondsLeft?: number;
  cancel: () => void;
}

export function Underway({ label, says, share, secondsLeft, cancel }: Props) {
  const t = useT();
  return (
    <div className={css.side} role="status">
      <div className="row wrap">
        <span className="grow">{says ?? t('compare.preparing')}</span>
        {secondsLeft !== undefined && (
          <span className="muted number">{t('bar.left', { time: t.duration(secondsLeft) })}</span>
        )}
        <Button size="xs" variant="default" onClick={cancel}>
          {t('common.cancel')}
        </Button>
      </div>
      <Progress aria-label={label} value={100 * (share ?? 0)} animated={share === undefined} />
    </div>
  );
}
