/** The groups that a ratio is kept between: how many samples each has, its share, and what a batch will hold of it. */
import { Button, NumberInput } from '@mantine/core';
import { useT } from '../i18n/index.ts';
import css from './controls.module.css';

interface Props {
  groups: readonly { name: string; count: number }[];
  shares: Readonly<Record<string, number>>;
  batch: number;
  /** What a group is called. */
  label(name: string): string;
  onChange(shares: Record<string, number>): void;
}

export function RatioTable({ groups, shares, batch, label, onChange }: Props) {
  const t = useT();
  // A group that the recipe names and the data lacks is shown: it is what has to be corrected.
  const known = [
    ...groups,
    ...Object.keys(shares)
      .filter((name) => !groups.some((group) => group.name === name))
      .map((name) => ({ name, count: 0 })),
  ];
  const shareOf = (name: string) => shares[name] ?? 1;
  const sum = known.reduce((total, { name, count }) => total + (count > 0 ? shareOf(name) : 0), 0);
  const rows = (name: string) => (sum > 0 ? (batch * shareOf(name)) / sum : 0);
  const all = groups.reduce((total, { count }) => total + count, 0);
  if (known.length === 0) return null;
  return (
    <>
      <span className="row wrap">
        <Button size="compact-xs" variant="default" onClick={() => onChange({})}>
          {t('sampling.equal')}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onChange(Object.fromEntries(groups.map(({ name, count }) => [name, count])))}
        >
          {t('sampling.byCount')}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() =>
            onChange(
              Object.fromEntries(
                groups.map(({ name, count }) => [name, Number(Math.sqrt(count / all).toPrecision(3))]),
              ),
            )
          }
        >
          {t('sampling.byRoot')}
        </Button>
      </span>
      <div className={css.batch} role="img" aria-label={t('sampling.preview', { batch })}>
        {known
          .filter(({ name, count }) => count > 0 && shareOf(name) > 0)
          .map(({ name }, index) => (
            <span
              key={name}
              data-even={index % 2 === 0}
              style={{ flexGrow: rows(name) }}
              title={`${label(name)}: ${t.number(rows(name))}`}
            >
              {rows(name) / batch > 0.06 ? label(name) : ''}
            </span>
          ))}
      </div>
      <div className={css.ratios}>
        <table className={css.parts}>
          <thead>
            <tr>
              <th scope="col">{t('sampling.group')}</th>
              <th scope="col">{t('sampling.samples')}</th>
              <th scope="col">{t('sampling.share')}</th>
              <th scope="col">{t('sampling.rows', { batch })}</th>
            </tr>
          </thead>
          <tbody>
            {known.map(({ name, count }) => (
              <tr key={name}>
                <th scope="row">{label(name)}</th>
                <td className="number">{count.toLocaleString(t.locale)}</td>
                <td>
                  <NumberInput
                    size="xs"
                    aria-label={t('sampling.shareOf', { group: label(name) })}
                    value={shareOf(name)}
                    min={0}
                    step={1}
                    hideControls
                    error={count === 0 && shareOf(name) > 0}
                    onChange={(value) => typeof value === 'number' && onChange({ ...shares, [name]: value })}
                  />
                </td>
                <td className="number">{count > 0 ? t.number(Number(rows(name).toPrecision(3))) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
