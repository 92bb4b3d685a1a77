/** Classes and prompts of zero-shot classification, with an example of what is asked. */
import { SegmentedControl, Textarea } from '@mantine/core';
import { useStore } from 'zustand';
import { useT } from '../../i18n/index.ts';
import { changeForm, evaluating, linesOf } from '../../state/evaluating.ts';
import css from './evaluate.module.css';

interface Props {
  /** The data's own. */
  classes: readonly string[];
  /** Too few are given. */
  few: boolean;
}

export function ZeroShotForm({ classes, few }: Props) {
  const t = useT();
  const form = useStore(evaluating, (state) => state.form);
  const own = classes.length >= 2;
  const typed = form.typed || !own;
  const name = (typed ? linesOf(form.classes)[0] : classes[0]) ?? '…';
  const [template = '{}'] = linesOf(form.templates);
  return (
    <div className={css.zero}>
      <div className="stack" style={{ gap: 8 }}>
        {own && (
          <SegmentedControl
            size="xs"
            aria-label={t('evaluate.classesFrom')}
            value={typed ? 'typed' : 'own'}
            onChange={(value) => changeForm({ typed: value === 'typed' })}
            data={[
              { value: 'own', label: t('evaluate.classesOwn', { count: classes.length }) },
              { value: 'typed', label: t('evaluate.classesTyped') },
            ]}
          />
        )}
        {typed ? (
          <Textarea
            label={t('evaluate.classes')}
            error={few ? t('evaluate.fewClasses') : undefined}
            autosize
            minRows={3}
            maxRows={10}
            value={form.classes}
            onChange={(event) => changeForm({ classes: event.currentTarget.value })}
          />
        ) : (
          <p className={`muted small ${css.names}`}>
            {classes.slice(0, 40).join(', ')}
            {classes.length > 40 ? ', …' : ''}
          </p>
        )}
      </div>
      <Textarea
        label={t('evaluate.templates')}
        description={t('evaluate.prompt', {
          prompt: template.includes('{}') ? template.replaceAll('{}', () => name) : `${template} ${name}`,
        })}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autosize
        minRows={3}
        maxRows={10}
        value={form.templates}
        onChange={(event) => changeForm({ templates: event.currentTarget.value })}
      />
    </div>
  );
}
