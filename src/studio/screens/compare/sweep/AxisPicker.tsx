/** All settings that can be varied, to be searched by name, part or path; each says its range and what the recipe has now. */
import { Select } from '@mantine/core';
import { useT } from '../../../i18n/index.ts';
import { setAxis } from '../../../state/sweeping.ts';
import type { Setting } from '../../model/recipeSettings.ts';
import { axisOf, valueText } from './axisOf.ts';

export function AxisPicker({ settings, disabled }: { settings: readonly Setting[]; disabled: boolean }) {
  const t = useT();
  const groups = [...new Set(settings.map(({ part }) => t.pick(part)))];
  const about = ({ field, value }: Setting) => {
    const now = t('sweep.now', { value: valueText(t, field, value) });
    if (field.kind === 'integer' || field.kind === 'number')
      return `${t('sweep.allowed', { min: String(field.min), max: String(field.max) })} · ${now}`;
    return now;
  };
  return (
    <Select
      label={t('sweep.add')}
      placeholder={t('sweep.addPlaceholder')}
      nothingFoundMessage={t('sweep.nothing')}
      searchable
      clearable={false}
      value={null}
      disabled={disabled}
      maxDropdownHeight={320}
      data={groups.map((group) => ({
        group,
        items: settings
          .filter(({ part }) => t.pick(part) === group)
          .map(({ path, field }) => ({ value: path, label: t.pick(field.label) })),
      }))}
      filter={({ options, search }) => {
        const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
        const fits = (path: string, text: string) =>
          words.every((word) => `${path} ${text}`.toLocaleLowerCase().includes(word));
        return options.flatMap((option) => {
          if (!('group' in option)) return [];
          const items = option.items.filter(({ value, label }) => fits(value, `${label} ${option.group}`));
          return items.length > 0 ? [{ ...option, items }] : [];
        });
      }}
      renderOption={({ option }) => {
        const setting = settings.find(({ path }) => path === option.value);
        return (
          <div>
            <div>{option.label}</div>
            {setting && <div className="small muted">{about(setting)}</div>}
          </div>
        );
      }}
      onChange={(path) => {
        const setting = settings.find((one) => one.path === path);
        if (setting) setAxis(setting.path, axisOf(setting));
      }}
    />
  );
}
