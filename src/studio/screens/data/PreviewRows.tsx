/** The first rows that a guess would give: what they name of each modality, what is to be predicted, and what will be left out. */
import { Alert, Table } from '@mantine/core';
import { errorText } from '../../../core/errorTexts.ts';
import { isLink } from '../../../core/links.ts';
import type { ImportPreview } from '../../../workers/api.ts';
import { Modalities } from '../../components/Modalities.tsx';
import { useT } from '../../i18n/index.ts';
import css from './Data.module.css';
import { targetText } from './targetText.ts';

const shownRows = 5;
const shownCells = 4;

export function PreviewRows({ preview }: { preview: ImportPreview }) {
  const t = useT();
  const { having, images, target, skipped } = preview;
  const rows = preview.rows.slice(0, shownRows);
  const some = {
    text: having.text !== undefined,
    sound: having.audio !== undefined,
    cells: having.table !== undefined,
    split: rows.some(({ split }) => split),
  };
  const links = skipped.filter(({ code, file }) => code === 'file-missing' && isLink(file)).length;
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="row wrap" style={{ columnGap: 16 }}>
        <h2>{t('data.import.preview')}</h2>
        <span className="muted">{t('data.import.counts', { samples: images, pairs: preview.pairs })}</span>
        <Modalities of={Object.keys(having)} counts={having} />
        <span className="small muted">{target ? targetText(t, target) : t('data.target.none')}</span>
      </div>
      {rows.length === 0 ? (
        <p className="muted">
          {links > 0 ? t('data.import.links', { count: links }) : t('data.import.nothing')}
        </p>
      ) : (
        <Table.ScrollContainer minWidth={480}>
          <Table withRowBorders verticalSpacing={6} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('data.column.file')}</Table.Th>
                {some.text && <Table.Th>{t('data.column.text')}</Table.Th>}
                {some.sound && <Table.Th>{t('data.column.sound')}</Table.Th>}
                {some.cells && <Table.Th>{t('data.column.cells')}</Table.Th>}
                {target && <Table.Th>{t('data.column.target', { name: target.name })}</Table.Th>}
                {some.split && <Table.Th>{t('data.column.split')}</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ file, captions, sound, cells, targets, split }) => (
                <Table.Tr key={file}>
                  <Table.Td className={css.file}>{file}</Table.Td>
                  {some.text && (
                    <Table.Td>
                      {captions[0] ?? <span className="muted">{t('data.without.text')}</span>}
                      {captions.length > 1 && (
                        <span className="muted">
                          {' '}
                          {t('data.moreCaptions', { count: captions.length - 1 })}
                        </span>
                      )}
                    </Table.Td>
                  )}
                  {some.sound && <Table.Td className={css.file}>{sound ?? t('data.without.audio')}</Table.Td>}
                  {some.cells && (
                    <Table.Td className="small">
                      {Object.entries(cells ?? {})
                        .slice(0, shownCells)
                        .map(([name, value]) => `${name} ${t.number(value)}`)
                        .join(' · ') || t('data.without.table')}
                    </Table.Td>
                  )}
                  {target && <Table.Td>{targets?.[0] || t('data.unknown')}</Table.Td>}
                  {some.split && <Table.Td className="muted">{split && t(`split.${split}`)}</Table.Td>}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {skipped.length > 0 && (
        <Alert color="yellow" title={t('data.import.skipped', { count: skipped.length })}>
          <ul className={css.plain}>
            {skipped.slice(0, 4).map((item) => (
              <li key={`${item.file}${item.code}`}>{errorText(item.code, item.params, t.locale).body}</li>
            ))}
          </ul>
        </Alert>
      )}
    </div>
  );
}
