/** A sample put together by hand or taken from validation, and what the model says of it: a prediction, an answer, a caption. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Answer, RunSummary, SampleView, Writing } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';
import { Answers } from '../../components/Answers.tsx';
import { Thumb } from '../../components/Thumb.tsx';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { session } from '../../state/session.ts';
import { broughtOf, type Given, givenOf } from './given.ts';
import { PictureInput, SoundInput, TableInput, TextInput } from './Inputs.tsx';
import { PixelsView } from './PixelsView.tsx';
import css from './Try.module.css';
import { WritingForm, writingDefaults } from './WritingForm.tsx';

interface Props {
  run: RunSummary;
  dataset: string;
  mode: 'ask' | 'question' | 'write';
}

interface Said {
  answers?: Answer[];
  caption?: string;
  truth?: string;
  captions?: string[];
  /** Modalities that were left out. */
  without: string[];
  step: number;
  milliseconds: number;
}

const examples = 12;

export function Ask({ run, dataset, mode }: Props) {
  const t = useT();
  const [given, setGiven] = useState<Given>({});
  const [said, setSaid] = useState<Said>();
  const [busy, setBusy] = useState(false);
  const [writing, setWriting] = useState<Writing>(writingDefaults);
  const modalities = Object.keys(run.recipe.encoders);
  const table = run.facts?.table;
  // Series are given by samples: there is no form for their rows.
  const columns = table ? (table.steps === 1 ? table.columns : cellNames(table)) : [];
  const brought = broughtOf(given);
  const without = modalities.filter((name) => !(name in brought));
  const nothing = without.length === modalities.length;

  async function ask(sample: Given): Promise<void> {
    setBusy(true);
    const began = performance.now();
    try {
      const asked = { brought: broughtOf(sample) };
      const answers = mode === 'write' ? undefined : await api().engine.ask(asked);
      const caption = mode === 'write' ? await api().engine.write(asked, writing) : undefined;
      setSaid({
        answers: answers?.map((answer) => ({ ...answer, ...(sample.truth && { truth: sample.truth }) })),
        caption,
        captions: sample.captions,
        without: modalities.filter((name) => !(name in asked.brought)),
        step: session.getState().step,
        milliseconds: performance.now() - began,
      });
    } catch (error) {
      reportError(error);
    } finally {
      setBusy(false);
    }
  }
  /** What is changed by hand is no longer what the data speaks of; what is left out still is. */
  const change = (part: Partial<Given>) => {
    const leaves = Object.values(part).every((value) => value === undefined);
    setGiven((old) => ({ ...old, ...part, ...(!leaves && { truth: undefined, captions: undefined }) }));
  };
  const pick = (sample: SampleView) => {
    const side = run.recipe.data.imageSize;
    givenOf(dataset, sample, modalities, columns, side).then((made) => {
      setGiven(made);
      void ask(made);
    }, reportError);
  };
  return (
    <>
      <Examples dataset={dataset} busy={busy} onPick={pick} />
      <form
        className={css.ask}
        onSubmit={(event) => {
          event.preventDefault();
          void ask(given);
        }}
      >
        <div className={css.inputs}>
          {modalities.includes('image') && (
            <PictureInput value={given.image} onChange={(image) => change({ image })}>
              {given.image && <PixelsView picture={given.image} label={t('modality.image')} width={112} />}
            </PictureInput>
          )}
          {modalities.includes('text') && (
            <TextInput
              value={given.text}
              onChange={(text) => change({ text })}
              question={mode === 'question'}
            />
          )}
          {modalities.includes('audio') && (
            <SoundInput value={given.audio} onChange={(audio) => change({ audio })} />
          )}
          {modalities.includes('table') && columns.length > 0 && (
            <TableInput
              value={given.table}
              onChange={(cells) => change({ table: cells })}
              columns={columns}
            />
          )}
        </div>
        {mode === 'write' && <WritingForm value={writing} onChange={setWriting} />}
        <div className="row wrap">
          <Button type="submit" loading={busy} disabled={nothing || (mode === 'write' && without.length > 0)}>
            {t(`try.go.${mode}`)}
          </Button>
          {!nothing && without.length > 0 && (
            <span role="status">
              {t(mode === 'write' ? 'try.needs' : 'try.without', {
                modalities: without.map((name) => modalityName(t, name)).join(t('try.and')),
              })}
            </span>
          )}
        </div>
      </form>
      {said && (
        <section className={`card ${css.said}`} aria-live="polite" aria-label={t('try.answer')}>
          <div className="row wrap">
            <h2 className="grow">{t('try.answer')}</h2>
            <span className="small muted number">
              {t('try.step', { step: said.step })} · {t('try.took', { time: Math.round(said.milliseconds) })}
            </span>
          </div>
          {said.without.length > 0 && (
            <p className="muted">
              {t('try.without', {
                modalities: said.without.map((name) => modalityName(t, name)).join(t('try.and')),
              })}
            </p>
          )}
          {said.answers && <Answers answers={said.answers} />}
          {said.caption !== undefined && (
            <>
              <p className={css.written}>{said.caption || t('try.emptyCaption')}</p>
              {said.captions && said.captions.length > 0 && (
                <p className="small muted">{t('try.references', { captions: said.captions.join(' · ') })}</p>
              )}
            </>
          )}
        </section>
      )}
    </>
  );
}

/** Cells of a series as the data names them: column and step. */
const cellNames = ({ columns, steps }: { columns: string[]; steps: number }) =>
  Array.from(
    { length: steps * columns.length },
    (_, i) => `${columns[i % columns.length]} ${Math.floor(i / columns.length) + 1}`,
  );

/** Samples that the model has not been trained on. */
function Examples({
  dataset,
  busy,
  onPick,
}: {
  dataset: string;
  busy: boolean;
  onPick: (sample: SampleView) => void;
}) {
  const t = useT();
  const [offset, setOffset] = useState(0);
  const [samples, setSamples] = useState<SampleView[]>([]);
  useEffect(() => {
    let current = true;
    api()
      .data.samples(dataset, { offset, limit: examples, split: 'validation' })
      .then((page) => {
        if (!current) return;
        if (page.samples.length === 0 && offset > 0) setOffset(0);
        else setSamples(page.samples);
      }, reportError);
    return () => {
      current = false;
    };
  }, [dataset, offset]);
  return (
    <section className={css.examples} aria-label={t('try.examples')}>
      <div className="row wrap">
        <span className="grow muted">{t('try.examples')}</span>
        <Button variant="default" size="xs" onClick={() => setOffset(offset + examples)}>
          {t('try.others')}
        </Button>
      </div>
      <div className={css.strip}>
        {samples.map((sample) => {
          const words = sample.captions[0] ?? sample.file;
          return (
            <button
              key={sample.index}
              type="button"
              disabled={busy}
              className={css.pick}
              title={words}
              aria-label={t('try.example', { words })}
              onClick={() => onPick(sample)}
            >
              {sample.having.includes('image') ? (
                <Thumb dataset={dataset} index={sample.index} label={words} />
              ) : (
                <span className={css.pickWords}>{words}</span>
              )}
            </button>
          );
        })}
      </div>
    </section>
  );
}
