/** The page inside an exported HTML file: opens the model that lies in it, on the GPU where there is one, and offers what it can be asked. */
import { bytesFromBase64 } from '../core/base64.ts';
import { asStudioError } from '../core/errors.ts';
import { errorText } from '../core/errorTexts.ts';
import type { Executor } from '../engine/executor.ts';
import { processor } from '../engine/processor/executor.ts';
import { GpuExecutor } from '../engine/webgpu/executor.ts';
import { readBundle } from '../interchange/bundle.ts';
import { type Ability, abilitiesOf } from './abilities.ts';
import { asking } from './asking.ts';
import { element } from './element.ts';
import { openBundle } from './model.ts';
import { searching } from './searching.ts';
import { type Language, sayIn } from './texts.ts';

const root = document.body;
/** The model's zip; what is shown takes its place. */
const packed = document.getElementById('model')?.textContent ?? '';
const wanted = document.documentElement.lang;
let language: Language = (wanted || navigator.language).startsWith('zh') ? 'zh' : 'en';

async function executorHere(): Promise<Executor> {
  try {
    return await GpuExecutor.create(navigator.gpu);
  } catch {
    // No WebGPU, or none that works: the model is small enough to be asked all the same.
    return processor;
  }
}

const problem = element('p', { class: 'problem', role: 'alert', hidden: true });
function report(error: unknown): void {
  const { code, params } = asStudioError(error);
  const { title, body, action } = errorText(code, params, language);
  problem.textContent = `${title}. ${body} ${action}`;
  problem.hidden = false;
}

async function begin(): Promise<void> {
  root.replaceChildren(
    element('main', {}, element('p', { class: 'muted', role: 'status' }, sayIn(language)('opening'))),
  );
  const bundle = readBundle('model.zip', bytesFromBase64(packed));
  const executor = await executorHere();
  const model = await openBundle(bundle, executor);
  const abilities = abilitiesOf(bundle.recipe);
  let ability = abilities[0];
  /** What a person has put in stays while another part is looked at. */
  const parts = new Map<string, HTMLElement>();
  function part(one: Ability): HTMLElement {
    const key = `${one} ${language}`;
    const say = sayIn(language);
    const known =
      parts.get(key) ?? (one === 'search' ? searching(model, say, report) : asking(model, one, say, report));
    parts.set(key, known);
    return known;
  }

  function draw(): void {
    const say = sayIn(language);
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    problem.hidden = true;
    const { name, description } =
      executor.adapter.name === 'processor'
        ? { name: say('processor'), description: '' }
        : { name: executor.adapter.name, description: 'WebGPU' };
    const other = element(
      'button',
      {
        type: 'button',
        lang: language === 'zh' ? 'en' : 'zh-CN',
        onclick: () => {
          language = language === 'zh' ? 'en' : 'zh';
          draw();
        },
      },
      language === 'zh' ? 'English' : '中文',
    );
    const tab = (one: Ability) =>
      element(
        'button',
        {
          type: 'button',
          'aria-pressed': String(one === ability),
          onclick: () => {
            ability = one;
            draw();
          },
        },
        say(one),
      );
    const about = [
      say('step', {
        steps: bundle.step.toLocaleString(document.documentElement.lang),
        data: bundle.datasetName,
      }),
      `${say('runsOn')} ${[description, name].filter(Boolean).join(' · ')}`,
    ];
    root.replaceChildren(
      element(
        'main',
        {},
        element('header', { class: 'row' }, element('h1', {}, bundle.recipe.name), other),
        element('p', { class: 'muted' }, say('lead')),
        element('p', { class: 'muted small' }, about.join(' · ')),
        abilities.length > 1 ? element('nav', { class: 'row' }, ...abilities.map(tab)) : undefined,
        problem,
        ability === undefined ? element('p', {}, say('none')) : part(ability),
      ),
    );
  }
  draw();
}

begin().catch((error: unknown) => {
  root.replaceChildren(element('main', {}, problem));
  report(error);
});
