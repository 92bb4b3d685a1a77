/** A sample put together by hand, and what the model says of it: a class, a number, an answer, a caption. */
import { clipOf } from '../core/clip.ts';
import { ask, type Brought, write } from '../training/ask.ts';
import type { Model } from '../training/model.ts';
import type { Ability } from './abilities.ts';
import { bars } from './bars.ts';
import { element } from './element.ts';
import { pictureOf } from './picture.ts';
import type { Say } from './texts.ts';

/** A field of the form; `read` gives what it holds, nothing where it is empty. */
interface Input {
  modality: string;
  label: string;
  field: HTMLElement;
  read(): Promise<Brought>;
}

const labelled = (label: string, ...inside: HTMLElement[]) =>
  element('label', { class: 'field' }, element('span', {}, label), ...inside);

function nameOf(modality: string, ability: Ability, say: Say): string {
  if (modality === 'text') return say(ability === 'question' ? 'asked' : 'text');
  return modality === 'image' || modality === 'audio' || modality === 'table' ? say(modality) : modality;
}

/** @param label what it is called on the page */
function inputOf(modality: string, label: string, { data }: Model): Input {
  if (modality === 'image' || modality === 'audio') {
    const seen = element(modality === 'image' ? 'img' : 'audio', { controls: true, alt: '', hidden: true });
    const file = element('input', {
      type: 'file',
      accept: `${modality}/*`,
      onchange: () => {
        const chosen = file.files?.[0];
        if (seen.src) URL.revokeObjectURL(seen.src);
        if (chosen) seen.src = URL.createObjectURL(chosen);
        seen.hidden = !chosen;
      },
    });
    return {
      modality,
      label,
      field: labelled(label, file, seen),
      async read() {
        const chosen = file.files?.[0];
        if (!chosen) return {};
        return modality === 'image'
          ? { image: await pictureOf(chosen, data) }
          : { audio: await clipOf(chosen.name, chosen) };
      },
    };
  }
  if (modality === 'table') {
    const { columns = [], steps = 1 } = data.table ?? {};
    const cells = Array.from({ length: steps * columns.length }, (_, at) => {
      const column = columns[at % columns.length];
      const name = steps === 1 ? column : `${column} ${Math.floor(at / columns.length) + 1}`;
      return { name, input: element('input', { type: 'number', step: 'any' }) };
    });
    return {
      modality,
      label,
      field: element(
        'fieldset',
        {},
        element('legend', {}, label),
        ...cells.map(({ name, input }) => labelled(name, input)),
      ),
      async read() {
        const table = cells.map(({ input }) => (input.value === '' ? null : input.valueAsNumber));
        return table.some((cell) => cell !== null) ? { table } : {};
      },
    };
  }
  const text = element('input', { type: 'text' });
  return {
    modality,
    label,
    field: labelled(label, text),
    read: async () => (text.value.trim() ? { text: text.value.trim() } : {}),
  };
}

export function asking(
  model: Model,
  ability: Exclude<Ability, 'search'>,
  say: Say,
  report: (error: unknown) => void,
): HTMLElement {
  const inputs = Object.keys(model.recipe.encoders).map((modality) =>
    inputOf(modality, nameOf(modality, ability, say), model),
  );
  const said = element('section', { 'aria-live': 'polite', class: 'stack' });
  const go = element('button', { type: 'submit', class: 'primary' }, say('go'));

  async function answer(): Promise<void> {
    const brought: Brought = Object.assign({}, ...(await Promise.all(inputs.map((input) => input.read()))));
    const began = performance.now();
    const shown =
      ability === 'write'
        ? [element('p', { class: 'written' }, (await write(model, { brought })) || say('empty'))]
        : (await ask(model, { brought })).map(({ classes, value }) =>
            classes
              ? bars(classes)
              : element('p', { class: 'written' }, String(Number(value?.toPrecision(6)))),
          );
    const without = inputs.flatMap(({ modality, label }) =>
      modality in brought ? [] : [say('without', { what: label.toLocaleLowerCase() })],
    );
    const took = say('took', { time: Math.round(performance.now() - began) });
    said.replaceChildren(
      element('h2', {}, say('answer')),
      ...(shown.length > 0 ? shown : [element('p', {}, say('needs'))]),
      element('p', { class: 'muted number' }, [took, ...without].join(' · ')),
    );
  }

  const form = element(
    'form',
    {
      class: 'stack',
      onsubmit: (event) => {
        event.preventDefault();
        go.disabled = true;
        void answer()
          .catch(report)
          .finally(() => {
            go.disabled = false;
          });
      },
    },
    ...inputs.map(({ field }) => field),
    go,
  );
  return element('div', { class: 'stack' }, form, said);
}
