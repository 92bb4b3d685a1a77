/** An explanation: what is explained and how well, the credit of each modality, and of its parts. */
import { NativeSelect } from '@mantine/core';
import type { Attribution } from '../../../workers/api.ts';
import { cssOf, diverging } from '../../charts/colors.ts';
import { type Translate, useT } from '../../i18n/index.ts';
import type { LookProps } from '../lookPanel.tsx';
import '../../i18n/texts/why.ts';
import { modalityName } from '../modalityName.ts';
import css from '../panels.module.css';
import { CreditView } from './CreditView.tsx';

const gradient = `linear-gradient(90deg, ${Array.from({ length: 11 }, (_, i) => cssOf(diverging(i / 10))).join(', ')})`;

/** Beyond this share the credits are told to be a sketch. */
const much = 0.05;

export function Explained({ result, settings, set, dataset, sample }: LookProps<Attribution>) {
  const t = useT();
  const { credits, value, nothing, missed } = result;
  const signed = result.method !== 'gradcam';
  const totals = credits.filter(({ total }) => total !== undefined);
  const missedShare = missed === undefined ? undefined : missed < 0.0005 ? '< 0.05' : t.number(100 * missed);
  return (
    <div className={css.attention}>
      <Choices result={result} settings={settings} set={set} />
      <div className={css.whyFigures}>
        <span>{t('why.value', { what: explained(t, result), value: t.number(value) })}</span>
        {nothing !== undefined && (
          <span className="muted">{t('why.nothing', { value: t.number(nothing) })}</span>
        )}
        {totals.map(({ modality, total }) => (
          <span key={modality} style={{ color: `var(--a-${modality}-text, var(--a-ink))` }}>
            {t('why.total', { modality: modalityName(t, modality), value: signedNumber(t, total ?? 0) })}
          </span>
        ))}
        {missedShare !== undefined && missed! <= much && (
          <span className="muted">{t('why.missed', { share: missedShare })}</span>
        )}
      </div>
      {missedShare !== undefined && missed! > much && (
        <p className={css.warning}>{t('why.missedMuch', { share: missedShare })}</p>
      )}
      {signed && (
        <div className={css.scale}>
          <span>{t('why.against')}</span>
          <i style={{ background: gradient }} />
          <span>{t('why.for')}</span>
        </div>
      )}
      <div className={css.towers}>
        {credits.map((credit) => (
          <CreditView
            key={credit.modality}
            credit={credit}
            signed={signed}
            dataset={dataset}
            image={sample.image}
          />
        ))}
      </div>
    </div>
  );
}

const signedNumber = (t: Translate, value: number) => `${value < 0 ? '−' : '+'}${t.number(Math.abs(value))}`;

function explained(t: Translate, { kind, between, of, what }: Attribution): string {
  if (kind === 'similarity' && between) {
    const [a, b] = between.map((modality) => modalityName(t, modality));
    return t('why.cosine', { a, b });
  }
  if (kind === 'class') return t('why.class', { name: of ?? '' });
  return kind === 'number' ? t('why.number') : t('why.loss', { name: what });
}

function Choices({ result, settings, set }: Pick<LookProps<Attribution>, 'result' | 'settings' | 'set'>) {
  const t = useT();
  const { classes, choices } = result;
  // What is asked for, though the answer may still be to the question before.
  const { method = result.method, what, of = '' } = settings;
  return (
    <div className="row wrap" style={{ gap: 10 }}>
      <NativeSelect
        size="xs"
        aria-label={t('why.method')}
        value={String(method)}
        onChange={({ currentTarget }) => set({ ...settings, method: currentTarget.value })}
        data={(['integrated', 'gradcam', 'occlusion'] as const).map((one) => ({
          value: one,
          label: t(`why.${one}`),
        }))}
      />
      {choices.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label={t('why.what')}
          value={String(what || result.what)}
          onChange={({ currentTarget }) => set({ ...settings, what: currentTarget.value, of: '' })}
          data={choices.map((one) => ({
            value: one,
            label: one === 'similarity' ? t('why.similarity') : one,
          }))}
        />
      )}
      {classes && classes.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label={t('why.of')}
          value={String(of)}
          onChange={({ currentTarget }) => set({ ...settings, of: currentTarget.value })}
          data={[
            { value: '', label: t('why.likeliest', { name: classes[0] }) },
            ...classes.toSorted((a, b) => a.localeCompare(b)).map((name) => ({ value: name, label: name })),
          ]}
        />
      )}
    </div>
  );
}
