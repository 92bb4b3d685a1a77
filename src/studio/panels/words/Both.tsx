/** The picture and the sentence: a press on a word tints the patches, a press on a patch tints the words. */
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { WordsAndPatches } from '../../../workers/api.ts';
import { type Cell, Heatmap } from '../../charts/Heatmap.tsx';
import { Thumb } from '../../components/Thumb.tsx';
import '../../i18n/texts/words.ts';
import { useT } from '../../i18n/index.ts';
import { useTokens } from '../../theme/useTokens.ts';
import type { LookProps } from '../lookPanel.tsx';
import { mapName } from '../mapName.ts';
import css from '../panels.module.css';
import { patchesOf, wordsOf } from './both.ts';

const side = 240;

interface Chosen {
  word?: number;
  patch?: number;
}

export function Both({ result, settings, set, dataset, sample }: LookProps<WordsAndPatches>) {
  const t = useT();
  const { words, grid, maps } = result;
  const map = maps.find(({ name }) => name === settings['map']) ?? maps[maps.length - 1];
  const head =
    settings['head'] === undefined || settings['head'] === 'mean' ? 'mean' : Number(settings['head']);
  const [chosen, setChosen] = useState<Chosen>({});
  const [cell, setCell] = useState<Cell>();
  const sizes = { words: words.length, patches: grid * grid, head: head as number | 'mean' };
  // The first word after the mark that begins a sentence, until one is chosen.
  const word = chosen.patch === undefined ? Math.min(chosen.word ?? 1, words.length - 1) : undefined;
  const patch = chosen.patch === undefined ? undefined : Math.min(chosen.patch, grid * grid - 1);
  const patches = word === undefined ? undefined : patchesOf(map, word, sizes);
  const sentence = patch === undefined ? undefined : wordsOf(map, patch, sizes);
  const reading = patches ?? sentence;
  const [least, most] = range(reading?.values ?? []);
  const share = (value: number) => (most > least ? (value - least) / (most - least) : 0);
  const name = (one: string) => (one === 'similarity' ? t('words.similarity') : mapName(t, one));
  return (
    <div className={css.attention}>
      <div className="row wrap" style={{ gap: 10 }}>
        {maps.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label={t('words.map')}
            value={map.name}
            onChange={({ currentTarget }) => set({ ...settings, map: currentTarget.value })}
            data={maps.map((one) => ({ value: one.name, label: name(one.name) }))}
          />
        )}
        {map.heads > 1 && (
          <NativeSelect
            size="xs"
            aria-label={t('train.attention.head')}
            value={String(head)}
            onChange={({ currentTarget }) => set({ ...settings, head: currentTarget.value })}
            data={[
              { value: 'mean', label: t('train.attention.mean') },
              ...Array.from({ length: map.heads }, (_, i) => ({
                value: String(i),
                label: t('train.attention.headN', { n: i + 1 }),
              })),
            ]}
          />
        )}
        <span className="muted small">
          {maps.length === 1 ? `${name(map.name)} · ` : ''}
          {t('words.hint')}
        </span>
      </div>
      <div className={css.towers}>
        <Picture
          dataset={dataset}
          image={sample.image}
          grid={grid}
          values={patches?.values}
          share={share}
          cell={cell}
          chosen={patch}
          onCell={setCell}
          onChoose={(one) => setChosen({ patch: one })}
        />
        <div className={css.sentence}>
          <div className={css.words}>
            {words.map((label, at) => {
              const value = sentence?.values[at];
              return (
                <button
                  // biome-ignore lint/suspicious/noArrayIndexKey: a sentence may repeat a word; its place is what it is
                  key={at}
                  type="button"
                  className={css.token}
                  aria-pressed={at === word}
                  onClick={() => setChosen({ word: at })}
                  style={{
                    background:
                      value === undefined
                        ? undefined
                        : `color-mix(in srgb, var(--a-text) ${Math.round(48 * share(value))}%, transparent)`,
                  }}
                >
                  <span>{label.trim() || '␣'}</span>
                  {value !== undefined && <small>{t.number(value)}</small>}
                </button>
              );
            })}
          </div>
          <p className="muted small" aria-live="polite">
            {word !== undefined
              ? t('words.ofWord', { word: words[word].trim() })
              : t('words.ofPatch', {
                  row: Math.floor((patch ?? 0) / grid) + 1,
                  column: ((patch ?? 0) % grid) + 1,
                })}
            {' · '}
            {cell && patches
              ? t('words.patch', {
                  row: cell.row + 1,
                  column: cell.column + 1,
                  value: t.number(patches.values[cell.row * grid + cell.column]),
                })
              : t('words.range', { least: t.number(least), most: t.number(most) })}
          </p>
          {reading?.turned && map.name !== 'similarity' && <p className="muted small">{t('words.turned')}</p>}
        </div>
      </div>
    </div>
  );
}

function range(values: ArrayLike<number>): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at++) {
    least = Math.min(least, values[at]);
    most = Math.max(most, values[at]);
  }
  return [least, most];
}

interface PictureProps {
  dataset: string;
  image: number;
  grid: number;
  values?: Float32Array;
  share: (value: number) => number;
  cell?: Cell;
  chosen?: number;
  onCell: (cell: Cell | undefined) => void;
  onChoose: (patch: number) => void;
}

function Picture({ dataset, image, grid, values, share, cell, chosen, onCell, onChoose }: PictureProps) {
  const t = useT();
  const tokens = useTokens();
  const shade = tokens.scheme === 'dark' ? 8 : 250;
  const plain = new Float32Array(grid * grid);
  return (
    <div className={css.patches} style={{ width: side, height: side }}>
      <div style={{ position: 'absolute', inset: 0 }} className={css.crisp}>
        <Thumb dataset={dataset} index={image} size={side} label={t('train.picture', { index: image })} />
      </div>
      <Heatmap
        label={t('words.picture')}
        read={() => ({ rows: grid, columns: grid, values: values ?? plain })}
        version={() => values ?? plain}
        scale={(value) => (values ? share(value) : 1)}
        ramp={(one) => [shade, shade, shade, 215 * (1 - one)]}
        cell={cell}
        marked={chosen === undefined ? undefined : { row: Math.floor(chosen / grid), column: chosen % grid }}
        onCell={onCell}
        onChoose={({ row, column }) => onChoose(row * grid + column)}
        style={{ position: 'absolute', inset: 0, cursor: 'pointer' }}
      />
    </div>
  );
}
