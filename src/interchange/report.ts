/**
 * An evaluation as one HTML file that stands alone: charts are SVG, pictures data URLs, nothing is asked of any network. English and Chinese stand in it; a button changes over. The page and
 * the headless program make it from the same plain data.
 */

import { errorText } from '../core/errorTexts.ts';
import type {
  Control,
  Evaluation,
  Example,
  Robustness,
  RunCurves,
  Score,
  TaskResult,
} from '../core/evaluation.ts';
import {
  controlNames,
  controlText,
  damageNames,
  modalityNames,
  scoreHelp,
  scoreName,
  scoreText,
  taskNames,
  undoneName,
} from '../core/evaluationTexts.ts';
import type { Text } from '../core/fields.ts';
import { barChart, confusionChart, escaped, lineChart, reliabilityChart } from '../core/svgCharts.ts';
import { reportScript, reportStyle } from './reportStyle.ts';

const both = (text: Text): string =>
  text.en === text.zh
    ? escaped(text.en)
    : `<span class="en">${escaped(text.en)}</span><span class="zh">${escaped(text.zh)}</span>`;
const say = (en: string, zh: string): string => both({ en, zh });
const same = (text: string): Text => ({ en: text, zh: text });
const modality = (name: string): Text => modalityNames[name] ?? same(name);

const interval = ({ name, low, high }: Score): string =>
  low === undefined || high === undefined ? '' : `${scoreText(name, low)} – ${scoreText(name, high)}`;

/** More classes are not drawn. */
const mostClasses = 60;
const shown = 12;

/** @param language that it opens in. @param run curves of the training, where they are known */
export function reportHtml(evaluation: Evaluation, language: 'en' | 'zh', run?: RunCurves): string {
  const { model, data, tasks, controls = [], robustness = [] } = evaluation;
  const title = `${model.name} · ${data.name}`;
  const body = [
    header(evaluation),
    `<div class="big">${tasks.flatMap(headline).join('')}</div>`,
    ...tasks.map((task) => taskSection(task, controls, robustness)),
    distances(evaluation),
    notDone(evaluation),
    run ? curvesSection(run) : '',
    facts(evaluation),
  ].join('\n');
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
${body}
<script>${reportScript}</script>
</body>
</html>
`;
}

/** What was asked for and could not be measured. */
function notDone({ undone = [] }: Evaluation): string {
  if (undone.length === 0) return '';
  const rows = undone.map(({ what, code, params }) => {
    const [en, zh] = (['en', 'zh'] as const).map((language) => errorText(code, params, language));
    return `<dt>${both(undoneName(what))}</dt><dd>${say(`${en.body} ${en.action}`, `${zh.body}${zh.action}`)}</dd>`;
  });
  return `<section><h2>${say('Not measured', '未测量')}</h2><dl>${rows.join('')}</dl></section>`;
}

const splitNames: Record<string, Text> = {
  train: { en: 'training split', zh: '训练集' },
  validation: { en: 'validation split', zh: '验证集' },
  test: { en: 'test split', zh: '测试集' },
  all: { en: 'all samples', zh: '全部样本' },
};

function header({ model, data, createdAt }: Evaluation): string {
  const date = new Date(createdAt).toISOString().slice(0, 16).replace('T', ' ');
  return `<header class="head"><div><h1>${escaped(model.name)}</h1>
<p class="muted">${say(`Evaluated at step ${model.step} on`, `第 ${model.step} 步，评估数据：`)} ${escaped(data.name)}, ${both(splitNames[data.split])}: ${say(`${data.samples} samples, ${data.pairs} pairs`, `${data.samples} 个样本，${data.pairs} 个配对`)} · ${date} UTC</p></div>
<button type="button">English / 中文</button></header>`;
}

function headline({ kind, main, parts }: TaskResult): string[] {
  return parts.flatMap(({ from, to, scores }) => {
    const score = scores.find(({ name }) => name === main);
    if (!score) return [];
    const way = from && to ? ` ${both(modality(from))} → ${both(modality(to))}` : '';
    const chance =
      score.chance === undefined
        ? ''
        : ` · ${say('chance', '随机')} ${escaped(scoreText(main, score.chance))}`;
    return [
      `<div>${both(taskNames[kind])}${way}<b>${escaped(scoreText(main, score.value))}</b><span class="muted">${both(scoreName(main))} · ${escaped(interval(score) || '–')} · n ${score.n}${chance}</span></div>`,
    ];
  });
}

function taskSection(
  task: TaskResult,
  controls: readonly Control[],
  robustness: readonly Robustness[],
): string {
  const { kind, key, parts, classes, confusion, reliability, answered } = task;
  const own = controls.filter((one) => one.task === key);
  const curves = robustness.filter((one) => one.task === key);
  return `<section><h2>${both(taskNames[kind])}</h2>
${parts
  .filter(({ scores }) => scores.length > 0)
  .map(scoreTable)
  .join('')}
<div class="charts">
${own.length > 0 ? figure(say('Controls: what is left without one thing', '对照：去掉一项后还剩多少'), barChart(own.map(controlBar), own[0].score.chance)) : ''}
${curves.map((curve) => robustnessFigure(curve)).join('')}
${confusion && classes && classes.length <= mostClasses ? figure(say('Confusion', '混淆矩阵'), confusionChart(confusion, classes)) : ''}
${answered ? figure(say('What samples were taken for; the data does not say what they are', '样本被归入的类别（数据未给出标注）'), barChart(answered.map(({ name, count }) => ({ name: same(name), value: count, text: String(count), strong: true })))) : ''}
${reliability ? figure(say('Reliability: on the line a model is as sure as it is right', '可靠性：在线上表示置信度与正确率一致'), reliabilityChart(reliability), 'narrow') : ''}
</div>
${classes ? classTable(classes) : ''}
${samples(task)}
</section>`;
}

const figure = (caption: string, chart: string, kind = ''): string =>
  `<figure class="${kind}"><figcaption>${caption}</figcaption>${chart}</figure>`;

function scoreTable({ from, to, scores }: TaskResult['parts'][number]): string {
  const way = from && to ? `<h3>${both(modality(from))} → ${both(modality(to))}</h3>` : '';
  const rows = scores.map(
    (score) =>
      `<tr><td>${both(scoreName(score.name))}</td><td>${escaped(scoreText(score.name, score.value))}</td><td>${escaped(interval(score))}</td><td>${score.chance === undefined ? '' : escaped(scoreText(score.name, score.chance))}</td><td class="left muted">${both(scoreHelp(score.name) ?? same(''))}</td></tr>`,
  );
  return `${way}<div class="wide"><table><thead><tr><th>${say('Score', '指标')}</th><th>${say('Value', '数值')}</th><th>${say('95 % interval', '95% 区间')}</th><th>${say('Chance', '随机')}</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const controlBar = ({ kind, modality: of, score }: Control) => ({
  name: of ? { en: controlText(kind, of, 'en'), zh: controlText(kind, of, 'zh') } : controlNames[kind],
  value: score.value,
  low: score.low,
  high: score.high,
  text: scoreText(score.name, score.value),
  strong: kind === 'all',
});

function robustnessFigure({ damage, modality: of, points }: Robustness): string {
  const { name } = points[0].score;
  const { unit, ...title } = damageNames[damage];
  return figure(
    `${both(title)}, ${both(modality(of))}`,
    lineChart(
      [
        {
          name: title,
          points: points.map(({ strength, score: { value, low, high } }) => ({
            x: strength,
            y: value,
            low,
            high,
          })),
        },
      ],
      {
        x: unit,
        y: scoreName(name),
        tick: (value) => scoreText(name, value),
        level: { value: points[0].score.value, name: { en: 'undamaged', zh: '原样' } },
        marked: true,
      },
    ),
  );
}

function classTable(classes: NonNullable<TaskResult['classes']>): string {
  const there = classes.filter(({ count }) => count > 0);
  const share = (value: number) => scoreText('accuracy', value);
  const rows = there.map(
    ({ name, precision, recall, f1, count }) =>
      `<tr><td>${escaped(name)}</td><td>${share(precision)}</td><td>${share(recall)}</td><td>${f1.toFixed(3)}</td><td>${count}</td></tr>`,
  );
  return `<details><summary>${say('Precision and recall of each class', '每类的精确率与召回率')}</summary><div class="wide"><table><thead><tr><th>${say('Class', '类别')}</th><th>${say('Precision', '精确率')}</th><th>${say('Recall', '召回率')}</th><th>F1</th><th>n</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`;
}

function samples({ kind, examples, total }: TaskResult): string {
  if (examples.length === 0) return '';
  const worst = examples.slice(0, shown);
  const best = examples.slice(Math.max(shown, examples.length - shown)).reverse();
  const list = (of: readonly Example[]) =>
    `<ol class="samples">${of.map((one) => item(kind, one)).join('')}</ol>`;
  // Where nothing is known to be wrong, the first are the least sure.
  const unsure = examples.every(({ truth }) => truth === '');
  const [first, last] = unsure
    ? [say(`Least sure of ${total}`, `${total} 个中最不确定的`), say('Surest', '最确定的')]
    : [say(`Worst of ${total}`, `${total} 个中最差的`), say('Best', '最好的')];
  return `<h3>${first}</h3>${list(worst)}${best.length > 0 ? `<h3>${last}</h3>${list(best)}` : ''}`;
}

function item(
  kind: TaskResult['kind'],
  { picture, file, text, said, truth, figure: value }: Example,
): string {
  const image = picture ? `<img src="${picture}" alt="${escaped(file)}">` : '';
  const figures: Record<TaskResult['kind'], Text> = {
    retrieval: { en: 'rank', zh: '名次' },
    'zero-shot': { en: 'sureness', zh: '置信度' },
    classification: { en: 'sureness', zh: '置信度' },
    vqa: { en: 'sureness', zh: '置信度' },
    labels: { en: 'wrong', zh: '错误数' },
    regression: { en: 'error', zh: '误差' },
    captions: { en: 'CIDEr', zh: 'CIDEr' },
  };
  const found = kind === 'retrieval' ? say('found', '找到') : say('said', '回答');
  return `<li>${image}<div><p>${text ? `<q>${escaped(text)}</q>` : ''} <span class="muted">${escaped(file)}</span></p>
<p>${said ? `${found}: <b>${escaped(said)}</b>` : ''}${kind === 'retrieval' || !truth ? '' : ` · ${say('truth', '标注')}: ${escaped(truth.replaceAll('\n', ' / '))}`} · ${both(figures[kind])} ${Number(value.toPrecision(3))}</p></div></li>`;
}

function distances({ frechet }: Evaluation): string {
  if (!frechet || frechet.results.length === 0) return '';
  const rows = frechet.results.map(
    ({ modality: of, distance, n, width, atInfinity }) =>
      `<tr><td>${both(modality(of))}</td><td>${distance.toPrecision(4)}</td><td>${atInfinity === undefined ? '–' : atInfinity.toPrecision(4)}</td><td>${n.join(' / ')}</td><td>${width}</td></tr>`,
  );
  return `<section><h2>${say('Fréchet distance of features', '特征的 Fréchet 距离')}</h2>
<p class="muted">${say('To', '对比')} ${escaped(frechet.against.name)}, ${both(splitNames[frechet.against.split])}. ${say('In this model’s own feature space: not to be compared between models. Of few samples it is too large, by about as much as 1/n; n → ∞ is where the line against 1/n ends.', '在本模型自己的特征空间中计算，不可在不同模型间比较。样本少时偏大，约与 1/n 成正比；“n → ∞” 为外推值。')}</p>
<table><thead><tr><th>${say('Modality', '模态')}</th><th>${say('Distance', '距离')}</th><th>n → ∞</th><th>n</th><th>${say('Width', '维数')}</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}

function curvesSection({ curves }: RunCurves): string {
  if (curves.length === 0) return '';
  const chart = (wanted: (name: string) => boolean, y: Text) => {
    const lines = curves
      .filter(({ name }) => wanted(name))
      .map(({ name, points }) => ({
        name: same(name),
        points: points.map(([x, value]) => ({ x, y: value })),
      }));
    return lines.length > 0 ? figure(both(y), lineChart(lines, { x: { en: 'step', zh: '步' }, y })) : '';
  };
  const isLoss = (name: string) => /(^|\.)loss$/.test(name);
  return `<section><h2>${say('Curves of the run', '训练曲线')}</h2><div class="charts">${chart(isLoss, { en: 'loss', zh: '损失' })}${chart((name) => !isLoss(name), { en: 'validation', zh: '验证指标' })}</div></section>`;
}

function facts({ recipe, data, model, adapter, options, took, format, made, createdAt }: Evaluation): string {
  const rows: [string, string][] = [
    ...recipe.map(({ label, value }): [string, string] => [both(label), both(value)]),
    [say('Parameters', '参数量'), model.parameters.toLocaleString('en-US')],
    [say('Data', '数据'), escaped(data.name)],
    [say('Fingerprint', '指纹'), `<code>${escaped(data.fingerprint)}</code>`],
    [
      say('Trained on this set', '训练所用数据'),
      data.own ? say('yes, on its training split', '是（其训练集）') : say('no', '否'),
    ],
    [
      say('Intervals', '区间'),
      options.bootstrap > 0
        ? say(
            `95 %, bootstrap over samples, ${options.bootstrap} draws, seed ${options.seed}`,
            `95%，按样本自助抽样 ${options.bootstrap} 次，种子 ${options.seed}`,
          )
        : say('none', '无'),
    ],
    [say('Computed on', '计算设备'), escaped(adapter)],
    [say('Took', '用时'), `${(took / 1000).toFixed(1)} s`],
    [say('Made by', '生成者'), escaped(['Amalgam', made?.version, `(${format})`].filter(Boolean).join(' '))],
    ...(made?.platform ? [[say('In', '运行环境'), escaped(made.platform)] satisfies [string, string]] : []),
    [say('Date', '日期'), `${new Date(createdAt).toISOString().slice(0, 19).replace('T', ' ')} UTC`],
  ];
  return `<section><h2>${say('Recipe, data and environment', '配方、数据与环境')}</h2><dl>${rows.map(([label, value]) => `<dt>${label}</dt><dd>${value}</dd>`).join('')}</dl></section>`;
}

/** Points that a curve keeps. */
const mostPoints = 400;

/** The losses and the scores on validation, thinned out. @param rows with `step`; numbers that are not finite or not there are left out */
export function curvesOf(rows: readonly Record<string, number | null>[]): RunCurves['curves'] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names]
    .filter((name) => name === 'loss' || /^val\.(loss|r1|r10|.*accuracy|.*error)$/.test(name))
    .flatMap((name) => {
      const points = rows.flatMap((row): [number, number][] => {
        const [step, value] = [row['step'], row[name]];
        return typeof step === 'number' && typeof value === 'number' && Number.isFinite(value)
          ? [[step, value]]
          : [];
      });
      const every = Math.max(1, Math.ceil(points.length / mostPoints));
      return points.length > 1 ? [{ name, points: points.filter((_, k) => k % every === 0) }] : [];
    });
}
