/** How captions become tokens: learned from them, or by a tokenizer of a file; what its table of embeddings costs, and the first captions as it makes them. */
import { ActionIcon, Alert, Button, FileButton, Select, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ChosenTokenizer } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { TokenLine, TokensFailed, useTokens } from '../../components/TokenLine.tsx';
import { useT } from '../../i18n/index.ts';
import { type Editing, setAt } from './editing.ts';
import css from './TokenizerForm.module.css';

const path = ['data', 'tokenizer'];
/** Weights, gradients and two moments of Adam, 32 bits each. */
const perValue = 4;
/** From where the table of embeddings is worth a warning: what a default WebGPU device binds at once. */
const large = 128 * 2 ** 20;

export function TokenizerForm({ recipe, dataset }: Editing) {
  const t = useT();
  const { tokenizer } = recipe.data;
  const [kept, setKept] = useState<ChosenTokenizer[]>();
  const [reading, setReading] = useState(false);
  useEffect(() => {
    api().data.tokenizers().then(setKept, reportError);
  }, []);
  const choose = (chosen: ChosenTokenizer | undefined) => {
    const { tokenizer: _, ...data } = recipe.data;
    if (chosen) setAt(recipe, path, chosen);
    else setAt(recipe, ['data'], data);
  };
  const add = async (files: File[]) => {
    if (files.length === 0) return;
    setReading(true);
    try {
      const chosen = await api().data.addTokenizer(files);
      setKept(await api().data.tokenizers());
      choose(chosen);
    } catch (error) {
      reportError(error);
    } finally {
      setReading(false);
    }
  };
  const forget = async (chosen: ChosenTokenizer) => {
    try {
      await api().data.removeTokenizer(chosen.fingerprint);
      setKept(await api().data.tokenizers());
      choose(undefined);
    } catch (error) {
      reportError(error);
    }
  };
  const absent = tokenizer && kept && !kept.some(({ fingerprint }) => fingerprint === tokenizer.fingerprint);
  const all = [...(kept ?? []), ...(tokenizer && (absent || !kept) ? [tokenizer] : [])];
  return (
    <div className={css.form}>
      <div className={css.choice}>
        <Select
          className="grow"
          label={t('tokenizer.title')}
          description={t(tokenizer ? 'tokenizer.fileHelp' : 'tokenizer.learnedHelp')}
          inputWrapperOrder={['label', 'input', 'description']}
          value={tokenizer?.fingerprint ?? ''}
          allowDeselect={false}
          data={[
            { value: '', label: t('tokenizer.learned') },
            ...all.map(({ name, fingerprint, entries }) => ({
              value: fingerprint,
              label: t('tokenizer.entries', { name, count: entries }),
            })),
          ]}
          onChange={(value) => choose(all.find(({ fingerprint }) => fingerprint === value))}
        />
        <FileButton multiple onChange={(files) => void add(files)}>
          {(props) => (
            <Tooltip label={t('tokenizer.fileHelp')} multiline w={320}>
              <Button variant="default" className={css.beside} loading={reading} {...props}>
                {t('tokenizer.choose')}
              </Button>
            </Tooltip>
          )}
        </FileButton>
        {tokenizer && !absent && (
          <ActionIcon
            size={36}
            className={css.beside}
            variant="default"
            aria-label={t('tokenizer.remove', { name: tokenizer.name })}
            onClick={() => void forget(tokenizer)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </div>
      {absent && <Alert color="yellow">{t('tokenizer.absent', { name: tokenizer.name })}</Alert>}
      <Cost recipe={recipe} />
      {dataset ? (
        !absent && <Example dataset={dataset.id} recipe={recipe} />
      ) : (
        <p className="small muted">{t('tokenizer.noData')}</p>
      )}
    </div>
  );
}

/** What the table of embeddings takes, where the recipe has one. */
function Cost({ recipe }: Pick<Editing, 'recipe'>) {
  const t = useT();
  const count = recipe.data.tokenizer?.entries ?? recipe.data.vocabulary;
  const width = recipe.encoders['text']?.['width'];
  if (typeof width !== 'number') return null;
  const bytes = count * width * 4;
  const told = { count, bytes: t.bytes(bytes), all: t.bytes(bytes * perValue) };
  if (bytes * perValue > large) return <Alert color="yellow">{t('tokenizer.large', told)}</Alert>;
  return <p className="small muted">{t('tokenizer.cost', { ...told, width })}</p>;
}

function Example({ dataset, recipe }: { dataset: string; recipe: Editing['recipe'] }) {
  const t = useT();
  const [captions, setCaptions] = useState<string[]>([]);
  useEffect(() => {
    let current = true;
    api()
      .data.samples(dataset, { offset: 0, limit: 12 })
      .then(
        ({ samples }) =>
          current && setCaptions(samples.flatMap((one) => one.captions.slice(0, 1)).slice(0, 3)),
        reportError,
      );
    return () => {
      current = false;
    };
  }, [dataset]);
  const tokens = useTokens(dataset, recipe.data, captions);
  if (captions.length === 0) return null;
  return (
    <section className="stack" style={{ gap: 8 }} aria-label={t('tokenizer.example')}>
      <strong className="small">{t('tokenizer.example')}</strong>
      {tokens?.wrong !== undefined && <TokensFailed wrong={tokens.wrong} />}
      {tokens?.texts?.map((tokenized, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: texts are their places
        <TokenLine key={place} tokenized={tokenized} />
      ))}
    </section>
  );
}
