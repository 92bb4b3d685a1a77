/** The recipe as its JSON document: read, copy, download, or paste another one over it. */
import { Button, CopyButton, Textarea } from '@mantine/core';
import { useState } from 'react';
import { asStudioError } from '../../../core/errors.ts';
import { errorText } from '../../../core/errorTexts.ts';
import { parseRecipe, type Recipe } from '../../../core/recipe.ts';
import { useT } from '../../i18n/index.ts';
import { saveFile } from '../../state/models.ts';
import { setRecipe } from '../../state/recipe.ts';
import css from './Model.module.css';

export function JsonView({ recipe }: { recipe: Recipe }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [edited, setEdited] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const text = edited ?? JSON.stringify(recipe, null, 2);
  const apply = () => {
    try {
      setRecipe(parseRecipe(JSON.parse(text)));
      setEdited(undefined);
      setProblem(undefined);
    } catch (thrown) {
      const error = asStudioError(thrown);
      setProblem(
        error.code === 'internal' ? error.message : errorText(error.code, error.params, t.locale).body,
      );
    }
  };
  return (
    <section className={`card ${css.json}`}>
      <div className="row wrap">
        <Button variant="subtle" size="compact-sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('model.json')}
        </Button>
        <span className="grow" />
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy}>
              {t(copied ? 'error.copied' : 'common.copy')}
            </Button>
          )}
        </CopyButton>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => saveFile(`${recipe.name}.json`, new Blob([text], { type: 'application/json' }))}
        >
          {t('model.json.download')}
        </Button>
      </div>
      {open && (
        <>
          <Textarea
            aria-label={t('model.json')}
            autosize
            minRows={10}
            maxRows={26}
            value={text}
            error={problem}
            onChange={(event) => setEdited(event.currentTarget.value)}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
          />
          {edited !== undefined && (
            <Button variant="default" onClick={apply} style={{ alignSelf: 'flex-end' }}>
              {t('model.json.apply')}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
