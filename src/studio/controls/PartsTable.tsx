/** Every part of the model with its parameters: frozen or not, its rate and its decay; and patterns for what no part names. */
import { ActionIcon, Button, Checkbox, NumberInput, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { meant, type Part, partsOf } from '../../core/parts.ts';
import { ModalityMark } from '../components/Modalities.tsx';
import { useT } from '../i18n/index.ts';
import { modalityName } from '../panels/modalityName.ts';
import { type Controlled, setTraining } from './controlled.ts';
import css from './controls.module.css';
import { ownSetting, type Setting, settingInForce, withSetting } from './partGroups.ts';

export function PartsTable(controlled: Controlled) {
  const t = useT();
  const { recipe, sizes, errors = {} } = controlled;
  const [shown, setShown] = useState<readonly string[]>([]);
  const { groups = [] } = recipe.training;
  const modalities = Object.keys(recipe.encoders);
  const parts = partsOf(sizes, modalities);
  const patterns = groups.filter(({ match }) => !parts.some(({ id }) => id === match));
  const put = (next: typeof groups) => setTraining(controlled, { groups: next.length ? next : undefined });
  const change = (part: Pick<Part, 'id' | 'of'>, changed: Setting) =>
    put(withSetting(groups, parts, part, changed));
  const mistake = (match: string) =>
    errors[`training.groups.${groups.findIndex((group) => group.match === match)}.match`];
  const visible = parts.filter(({ of }) => !of || shown.includes(of));
  return (
    <>
      <div className={css.scroll}>
        <table className={css.parts}>
          <thead>
            <tr>
              <th scope="col">{t('control.part')}</th>
              <th scope="col">{t('control.parameters')}</th>
              <th scope="col">{t('control.frozen')}</th>
              <th scope="col">{t('control.factor')}</th>
              <th scope="col">{t('control.decayShort')}</th>
            </tr>
          </thead>
          <tbody>
            {visible.map((part) => (
              <Row
                key={part.id}
                part={part}
                name={part.of ? part.id : modalityName(t, part.id)}
                own={ownSetting(groups, part.id)}
                held={settingInForce(groups, part)}
                blocks={!part.of && parts.some(({ of }) => of === part.id)}
                open={shown.includes(part.id)}
                onOpen={() =>
                  setShown(
                    shown.includes(part.id) ? shown.filter((id) => id !== part.id) : [...shown, part.id],
                  )
                }
                onChange={(changed) => change(part, changed)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className="small muted">{t('control.parts.help')}</p>
      {patterns.map((group) => {
        const at = groups.indexOf(group);
        return (
          <Pattern
            key={at}
            match={group.match}
            setting={group}
            means={meant(group.match, sizes, modalities)}
            error={mistake(group.match)}
            onMatch={(match) => put(groups.with(at, { ...group, match }))}
            onChange={(changed) =>
              put(
                groups.with(at, {
                  match: group.match,
                  ...Object.fromEntries(
                    Object.entries({ ...group, ...changed }).filter(([, value]) => value !== undefined),
                  ),
                }),
              )
            }
            onRemove={() => put(groups.toSpliced(at, 1))}
          />
        );
      })}
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: 'start' }}
        leftSection={<IconPlus size={14} />}
        disabled={patterns.some(({ match }) => match === '*.norm*')}
        onClick={() => put([...groups, { match: '*.norm*', weightDecay: 0 }])}
      >
        {t('control.pattern.add')}
      </Button>
    </>
  );
}

interface SettingsProps {
  name: string;
  own: Setting;
  held: Setting;
  onChange: (changed: Setting) => void;
}

function Frozen({ name, held, onChange }: SettingsProps) {
  const t = useT();
  return (
    <Checkbox
      size="xs"
      aria-label={t('control.frozenOf', { part: name })}
      checked={held.freeze ?? false}
      onChange={(event) => onChange({ freeze: event.currentTarget.checked })}
    />
  );
}

function Amounts({ name, own, held, onChange }: SettingsProps) {
  const t = useT();
  return (
    <>
      <td>
        <NumberInput
          size="xs"
          hideControls
          aria-label={t('control.factorOf', { part: name })}
          value={held.rate ?? 1}
          min={0}
          max={1000}
          clampBehavior="blur"
          data-own={own.rate !== undefined}
          onChange={(next) => typeof next === 'number' && onChange({ rate: next })}
        />
      </td>
      <td>
        <NumberInput
          size="xs"
          hideControls
          aria-label={t('control.decayOf', { part: name })}
          placeholder="–"
          value={held.weightDecay ?? ''}
          min={0}
          max={10}
          clampBehavior="blur"
          onChange={(next) => onChange({ weightDecay: typeof next === 'number' ? next : undefined })}
        />
      </td>
    </>
  );
}

function Row({
  part,
  blocks,
  open,
  onOpen,
  ...settings
}: SettingsProps & { part: Part; blocks: boolean; open: boolean; onOpen: () => void }) {
  const t = useT();
  const { name } = settings;
  return (
    <tr data-block={part.of !== undefined} data-frozen={settings.held.freeze ?? false}>
      <th scope="row">
        <span className={css.part}>
          {blocks && (
            <ActionIcon
              size={20}
              aria-label={t('control.blocksOf', { part: name })}
              aria-expanded={open}
              onClick={onOpen}
            >
              {open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
            </ActionIcon>
          )}
          {!part.of && !['heads', 'other'].includes(part.id) && <ModalityMark modality={part.id} size={11} />}
          <span title={part.id}>{name}</span>
        </span>
      </th>
      <td className="number">{t.compact(part.parameters)}</td>
      <td>
        <Frozen {...settings} />
      </td>
      <Amounts {...settings} />
    </tr>
  );
}

function Pattern({
  match,
  setting,
  means,
  error,
  onMatch,
  onChange,
  onRemove,
}: {
  match: string;
  setting: Setting;
  means: number;
  error?: string;
  onMatch: (match: string) => void;
  onChange: (changed: Setting) => void;
  onRemove: () => void;
}) {
  const t = useT();
  const settings = { name: match, own: setting, held: setting, onChange };
  const nothing = means === 0 ? t('control.pattern.nothing') : undefined;
  return (
    <div className={css.pattern}>
      <TextInput
        size="xs"
        label={t('control.pattern')}
        description={means > 0 ? t('control.pattern.means', { count: means }) : t('control.pattern.help')}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        error={error ?? nothing}
        value={match}
        maxLength={120}
        onChange={(event) => event.currentTarget.value && onMatch(event.currentTarget.value)}
      />
      <table className={css.parts}>
        <thead>
          <tr>
            <th scope="col">{t('control.frozen')}</th>
            <th scope="col">{t('control.factor')}</th>
            <th scope="col">{t('control.decayShort')}</th>
            <th aria-label={t('control.pattern.remove', { part: match })} />
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>
              <Frozen {...settings} />
            </td>
            <Amounts {...settings} />
            <td>
              <ActionIcon
                size={24}
                aria-label={t('control.pattern.remove', { part: match })}
                onClick={onRemove}
              >
                <IconTrash size={14} />
              </ActionIcon>
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}
