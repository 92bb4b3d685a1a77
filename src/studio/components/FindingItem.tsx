/** A finding: what was seen, why it matters, and its one click. Severity shows as a mark, a word and a colour. */
import { ActionIcon, Button } from '@mantine/core';
import {
  IconAlertOctagonFilled,
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconInfoCircleFilled,
  IconX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Finding } from '../../workers/api.ts';
import { useT } from '../i18n/index.ts';
import css from './FindingItem.module.css';

const icons = {
  serious: IconAlertOctagonFilled,
  warning: IconAlertTriangleFilled,
  note: IconInfoCircleFilled,
};

interface Props {
  finding: Finding;
  /** What it is about stands above it already. */
  untitled?: boolean;
  /** What the button says it needs beside, such as a new run. */
  aside?: string;
  apply?: () => void;
  dismiss?: () => void;
  children?: ReactNode;
}

export function FindingItem({ finding, untitled = false, aside, apply, dismiss, children }: Props) {
  const t = useT();
  const { severity, title, seen, why, button, since, resolved } = finding;
  const Icon = resolved ? IconCircleCheckFilled : icons[severity];
  return (
    <article className={css.finding} data-severity={resolved ? 'resolved' : severity}>
      <Icon size={18} className={css.icon} aria-hidden />
      <div className={css.words}>
        <h3 className={css.title}>
          {!untitled && `${t.pick(title)} `}
          <span className={css.kind}>
            {t(resolved ? 'findings.resolved' : `findings.${severity}`)}
            {since > 0 && ` · ${t('findings.since', { step: since })}`}
          </span>
        </h3>
        <p>{t.pick(seen)}</p>
        {!resolved && <p className="muted">{t.pick(why)}</p>}
        {!resolved && (
          <div className="row wrap">
            {button && apply && (
              <Button size="compact-sm" variant="default" onClick={apply}>
                {t.pick(button)}
              </Button>
            )}
            {children}
            {aside && <span className="small muted">{aside}</span>}
          </div>
        )}
      </div>
      {dismiss && (
        <ActionIcon size={26} aria-label={`${t('findings.dismiss')}: ${t.pick(title)}`} onClick={dismiss}>
          <IconX size={15} />
        </ActionIcon>
      )}
    </article>
  );
}
