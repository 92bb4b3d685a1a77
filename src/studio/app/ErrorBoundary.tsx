/** Keeps a failure where it happened: the part shows its own card, everything else goes on. */
import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { asStudioError, type StudioError } from '../../core/errors.ts';
import { type TextKey, useT } from '../i18n/index.ts';
import { ErrorText } from './report.tsx';

interface Props {
  says: TextKey;
  children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { error?: StudioError }> {
  override state: { error?: StudioError } = {};
  static getDerivedStateFromError(thrown: unknown) {
    return { error: asStudioError(thrown) };
  }
  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Failed
        says={this.props.says}
        error={this.state.error}
        retry={() => this.setState({ error: undefined })}
      />
    );
  }
}

function Failed({ says, error, retry }: { says: TextKey; error: StudioError; retry: () => void }) {
  const t = useT();
  return (
    <div role="alert" className="stack" style={{ padding: 16, maxWidth: 520 }}>
      <strong>{t(says)}</strong>
      <ErrorText error={error} />
      <div>
        <Button size="xs" variant="default" onClick={retry}>
          {t('error.retry')}
        </Button>
      </div>
    </div>
  );
}
