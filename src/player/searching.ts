/** Pictures by words, and names for a picture: both towers of a model in their shared space. */
import { softmax } from '../training/ask.ts';
import type { Model } from '../training/model.ts';
import { queryVector } from '../training/search.ts';
import { bars } from './bars.ts';
import { element } from './element.ts';
import { pictureOf } from './picture.ts';
import type { Say } from './texts.ts';

interface Shown {
  name: string;
  vector: Float32Array;
  figure: HTMLElement;
  score: HTMLElement;
}

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * b[at], 0);

export function searching(model: Model, say: Say, report: (error: unknown) => void): HTMLElement {
  const shown: Shown[] = [];
  const grid = element('div', { class: 'grid' });
  const status = element('p', { class: 'muted', role: 'status' });
  const words = element('input', { type: 'search', 'aria-label': say('words'), placeholder: say('words') });
  const names = element('textarea', { rows: '4', 'aria-label': say('names'), placeholder: say('names') });
  const fits = element('div', { 'aria-live': 'polite' }, element('p', { class: 'muted' }, say('which')));

  async function find(): Promise<void> {
    const query = words.value.trim();
    if (!query || shown.length === 0) return;
    const vector = await queryVector(model, { text: query });
    const scored = shown.map((one) => ({ ...one, value: cosine(vector, one.vector) }));
    scored.sort((a, b) => b.value - a.value);
    for (const { figure, score, value } of scored) {
      score.textContent = value.toFixed(3);
      grid.append(figure);
    }
  }

  /** Shares as the model was trained to give them: softmax of scaled cosines. */
  async function name({ name: file, vector }: Shown): Promise<void> {
    const list = [...new Set(names.value.split('\n').map((line) => line.trim()))].filter(Boolean);
    if (list.length === 0) {
      names.focus();
      return;
    }
    const scale = await model.scale();
    const logits = new Float32Array(list.length);
    for (const [index, text] of list.entries())
      logits[index] = scale * cosine(vector, await queryVector(model, { text }));
    const shares = softmax(logits);
    const rows = list.map((text, index) => ({ name: text, share: shares[index] }));
    fits.replaceChildren(element('h2', {}, file), bars(rows.sort((a, b) => b.share - a.share)));
  }

  async function add(files: readonly File[]): Promise<void> {
    const unread: string[] = [];
    for (const [done, file] of files.entries()) {
      try {
        const vector = (await queryVector(model, await pictureOf(file, model.data))).slice();
        const url = URL.createObjectURL(file);
        const score = element('span', { class: 'score number' });
        const button = element(
          'button',
          { type: 'button', title: file.name, onclick: () => void name(one).catch(report) },
          element('img', { src: url, alt: file.name, loading: 'lazy' }),
        );
        const figure = element('figure', {}, button, score);
        const one: Shown = { name: file.name, vector, figure, score };
        shown.push(one);
        grid.append(figure);
      } catch {
        unread.push(file.name);
      }
      status.textContent = say('looked', { done: done + 1, total: files.length });
    }
    if (unread.length > 0)
      status.textContent = `${status.textContent ?? ''} · ${say('unread', { files: unread.slice(0, 5).join(', ') })}`;
    await find();
  }

  const input = element('input', {
    type: 'file',
    multiple: true,
    accept: 'image/*',
    class: 'sr-only',
    'aria-label': say('choose'),
    onchange: () => void add([...(input.files ?? [])]).catch(report),
  });
  const drop = element('label', { class: 'drop' }, say('pictures'), input);
  drop.addEventListener('dragover', (event) => event.preventDefault());
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    void add([...(event.dataTransfer?.files ?? [])]).catch(report);
  });
  const form = element(
    'form',
    {
      class: 'row',
      onsubmit: (event) => {
        event.preventDefault();
        void find().catch(report);
      },
    },
    words,
    element('button', { type: 'submit', class: 'primary' }, say('find')),
  );
  return element('div', { class: 'stack' }, drop, status, form, grid, names, fits);
}
