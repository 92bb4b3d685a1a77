/** How an error reaches a person: title, what happened and where, the remedy, and a report to copy. */
import { Button, CopyButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { asStudioError, type StudioError } from '../../core/errors.ts';
import { errorText } from '../../core/errorTexts.ts';
import { currentT, useT } from '../i18n/index.ts';
import { session } from '../state/session.ts';

/** Everything that helps to find the cause; nothing of the person's data. */
export function errorReport(error: StudioError): string {
  const { state, step, executor, adapter } = session.getState();
  return [
    `Amalgam error report`,
    `code: ${error.code}`,
    `message: ${error.message}`,
    `parameters: ${JSON.stringify(error.params)}`,
    `session: ${state}, step ${step}, ${executor ?? '–'}, ${adapter ?? '–'}`,
    `browser: ${navigator.userAgent}`,
    `page: ${location.hash}`,
    error.stack ?? '',
    error.cause instanceof Error ? `cause: ${error.cause.stack ?? error.cause.message}` : '',
  ]
    .filter(Boolean)
    .join('\n');
}

export function CopyReport({ error }: { error: StudioError }) {
  const t = useT();
  return (
    <CopyButton value={errorReport(error)}>
      {({ copied, copy }) => (
        <Button size="compact-xs" variant="default" onClick={copy}>
          {copied ? t('error.copied') : t('error.copy')}
        </Button>
      )}
    </CopyButton>
  );
}

export function ErrorText({ error }: { error: StudioError }) {
  const t = useT();
  const text = errorText(error.code, error.params, t.locale);
  return (
    <div className="stack" style={{ gap: 6 }}>
      <span style={{ overflowWrap: 'anywhere' }}>{text.body}</span>
      <strong style={{ fontWeight: 600 }}>{text.action}</strong>
      <span className="row wrap small">
        <span className="muted grow">{t('error.code', { code: error.code })}</span>
        <CopyReport error={error} />
      </span>
    </div>
  );
}

/** Shows any thrown value as a notification; a cancelled job is no error. */
export function reportError(thrown: unknown): void {
  const error = asStudioError(thrown);
  if (error.code === 'cancelled') return;
  console.error(error);
  notifications.show({
    id: `${error.code}:${error.message}`,
    color: 'red',
    title: errorText(error.code, error.params, currentT().locale).title,
    message: <ErrorText error={error} />,
    autoClose: false,
  });
}
