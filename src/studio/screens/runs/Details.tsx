/** A run's name, tags and notes to be changed, and what its recipe changed against its parent and the open run. */
import { Button, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { RunSummary } from '../../../workers/api.ts';
import { reportError } from '../../app/report.tsx';
import { useT } from '../../i18n/index.ts';
import { runs, updateRun } from '../../state/runs.ts';
import { session } from '../../state/session.ts';
import { ChangesList } from './Changes.tsx';
import css from './Runs.module.css';
import { TakenList } from './Taken.tsx';

export function Details({ run, close }: { run: RunSummary; close: () => void }) {
  const t = useT();
  const { list } = useStore(runs);
  const openId = useStore(session, (status) => status.run);
  const [name, setName] = useState(run.name);
  const [note, setNote] = useState(run.note);
  const [tags, setTags] = useState(run.tags ?? []);
  const parent = list.find(({ id }) => id === run.parent?.run);
  const open = list.find(({ id }) => id === openId && id !== run.id && id !== parent?.id);
  const known = [...new Set(list.flatMap((one) => one.tags ?? []))].sort();
  return (
    <form
      className={css.edit}
      onSubmit={(event) => {
        event.preventDefault();
        close();
        updateRun(run.id, { name: name.trim() || run.name, note: note.trim(), tags }).catch(reportError);
      }}
    >
      <TextInput
        label={t('runs.name')}
        value={name}
        maxLength={120}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TagsInput
        label={t('runs.tags')}
        placeholder={tags.length === 0 ? t('runs.tags.placeholder') : undefined}
        value={tags}
        data={known}
        maxTags={20}
        onChange={(next) => setTags(next.map((tag) => tag.trim().slice(0, 40)).filter(Boolean))}
      />
      <Textarea
        label={t('runs.note')}
        autosize
        minRows={1}
        maxRows={12}
        placeholder={t('runs.note.placeholder')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {parent && (
        <ChangesList
          from={parent.recipe}
          to={run.recipe}
          title={t('runs.changed.parent', { name: parent.name })}
          first={
            parent.fingerprint === run.fingerprint
              ? undefined
              : t('onward.dataChanged', { from: parent.datasetName, to: run.datasetName })
          }
        />
      )}
      {run.parent?.taken && (
        <div className="small">
          <strong>{t('onward.from', { name: run.parent.name, step: run.parent.step })}</strong>
          <TakenList parts={run.parent.taken} />
        </div>
      )}
      {open && <ChangesList from={open.recipe} to={run.recipe} title={t('runs.changed.open')} />}
      <div className="row" style={{ alignSelf: 'end' }}>
        <Button type="submit" variant="default">
          {t('common.save')}
        </Button>
        <Button variant="subtle" onClick={close}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
