/** Parameters, memory and work of the recipe, and warnings before anything is started. */
import { Alert } from '@mantine/core';
import type { Examination } from '../../../workers/api.ts';
import { FrozenTowers } from '../../components/FrozenTowers.tsx';
import { useT } from '../../i18n/index.ts';
import css from './Model.module.css';

const byteParams = new Set(['needed', 'limit']);

export function Estimate({ examination }: { examination: Examination }) {
  const t = useT();
  const { parameters, memory, flopsPerStep, dispatchesPerStep, towers, warnings } = examination;
  if (parameters === 0) return null;
  const parts = (['weights', 'optimizer', 'activations', 'data'] as const).filter((part) => memory[part] > 0);
  return (
    <section className={`card ${css.estimate}`}>
      <div className={css.figures}>
        <Figure label={t('model.estimate.parameters')} value={t.compact(parameters)} />
        <Figure label={t('model.estimate.memory')} value={t.bytes(memory.total)} />
        <Figure
          label={t('model.estimate.work')}
          value={`${t.compact(flopsPerStep)} FLOP`}
          note={t('model.estimate.dispatches', { count: dispatchesPerStep })}
        />
      </div>
      <div className={css.bar} aria-hidden>
        {parts.map((part) => (
          <i key={part} data-part={part} style={{ flexGrow: memory[part] }} />
        ))}
      </div>
      <ul className={css.parts}>
        {parts.map((part) => (
          <li key={part} className="small">
            <i data-part={part} aria-hidden /> {t(`model.memory.${part}`)}{' '}
            <span className="muted">{t.bytes(memory[part])}</span>
          </li>
        ))}
      </ul>
      <FrozenTowers towers={towers} />
      {warnings.map(({ code, params }) => (
        <Alert key={code} color="yellow">
          {t(
            `model.warning.${code}`,
            Object.fromEntries(
              Object.entries(params).map(([key, value]) => [
                key,
                byteParams.has(key) && typeof value === 'number' ? t.bytes(value) : value,
              ]),
            ),
          )}
        </Alert>
      ))}
    </section>
  );
}

function Figure({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <div>
      <div className="small muted">{label}</div>
      <div className={css.value}>{value}</div>
      {note && <div className="small muted">{note}</div>}
    </div>
  );
}
