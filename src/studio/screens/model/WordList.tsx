/** A list of groups of words, written a line each. What is not yet a list stays in the field until it is one. */
import { Button, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Text } from '../../../core/fields.ts';
import { useT } from '../../i18n/index.ts';
import { fill } from '../../i18n/texts.ts';
import { augmentTexts as texts } from './augmentTexts.ts';
import { addLists, listText, parseList } from './listText.ts';

type Groups = string[][];

interface Props {
  label: Text;
  help: Text;
  value?: Groups;
  /** Lists to begin with. */
  lists: Record<'en' | 'zh', Groups>;
  /** Words in each group; two or more where absent. */
  pairs?: boolean;
  /** What an empty list means. */
  empty: Text;
  error?: string;
  onChange: (value: Groups | undefined) => void;
}

export function WordList({ label, help, value, lists, pairs = false, empty, error, onChange }: Props) {
  const t = useT();
  const [draft, setDraft] = useState(() => listText(value));
  const parsed = parseList(draft, pairs);
  // Changed elsewhere: undone, or another recipe.
  useEffect(() => {
    setDraft((now) =>
      JSON.stringify(parseList(now, pairs).groups ?? []) === JSON.stringify(value ?? [])
        ? now
        : listText(value),
    );
  }, [value, pairs]);
  const change = (text: string) => {
    setDraft(text);
    const { groups } = parseList(text, pairs);
    if (groups) onChange(groups.length > 0 ? groups : undefined);
  };
  const { wrong } = parsed;
  return (
    <div>
      <Textarea
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        label={t.pick(label)}
        description={value?.length ? t.pick(help) : `${t.pick(help)} ${t.pick(empty)}`}
        error={wrong ? fill(t.pick(texts[wrong.key]), wrong.params, t.locale) : error}
        value={draft}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        onChange={(event) => change(event.currentTarget.value)}
        onBlur={() => parsed.groups && setDraft(listText(parsed.groups))}
      />
      <div className="row wrap" style={{ gap: 6, marginTop: 6 }}>
        {(['en', 'zh'] as const).map((language) => (
          <Button
            key={language}
            size="compact-xs"
            variant="default"
            onClick={() => change(listText(addLists(value ?? [], lists[language])))}
          >
            {t.pick(language === 'en' ? texts.english : texts.chinese)}
          </Button>
        ))}
      </div>
    </div>
  );
}
