import { addTexts } from '../catalogue.ts';
import type { Texts } from '../texts.ts';

export const compare = {
  'compare.title': ['Compare', '比较'],
  'compare.part.fusions': ['Fusions', '融合方法'],
  'compare.part.sweep': ['Sweep', '扫描'],
  'compare.byMethod': ['Progress of the comparison', '比较进度'],
  'compare.lead': [
    'The same data, recipe and seeds; only how the modalities meet differs.',
    '数据、配方与随机种子相同，只有模态的融合方式不同。',
  ],
  'compare.plan': ['What is compared', '比较内容'],
  'compare.recipe': ['Recipe', '配方'],
  'compare.recipeLine': [
    '“{name}”: {modalities}; {steps} steps of {batch}.',
    '“{name}”：{modalities}；{steps} 步，每步 {batch} 个。',
  ],
  'compare.change': ['Change the recipe', '修改配方'],
  'compare.data': ['Data', '数据'],
  'compare.fusions': ['Fusions that fit', '适用的融合方法'],
  'compare.all': ['All', '全选'],
  'compare.none': ['None', '全不选'],
  'compare.match': ['Equally many parameters', '参数量相同'],
  'compare.matchHelp': [
    'Widths are chosen so that every model is within 5 % of the recipe’s own.',
    '自动选择宽度，使各模型参数量与配方自身相差不超过 5%。',
  ],
  'compare.controls': ['Controls', '对照'],
  'compare.controlsHelp': [
    'Each modality alone, and the recipe’s own fusion with modalities dealt out anew among samples. A fusion that does not beat the best single modality gains nothing; one that is as good when they are dealt out anew uses nothing but the first.',
    '分别只用单一模态训练，并将配方自身的融合方法用于模态被打乱重配的样本。若融合不优于最好的单一模态，则没有收益；若打乱后同样好，则只用到了第一个模态。',
  ],
  'compare.controlsNone': [
    'Only recipes that predict something have controls.',
    '只有带预测目标的配方才有对照。',
  ],
  'compare.seeds': ['Seeds', '随机种子数'],
  'compare.seedsHelp': [
    'Runs of each method; three show the spread.',
    '每种方法训练的次数；3 次可看出波动。',
  ],
  'compare.trials': ['{trials} {trials|training|trainings}', '共 {trials} 次训练'],
  'compare.time': ['about {time}', '约 {time}'],
  'compare.timeLater': ['time is known after the first', '完成第一次后可估计时间'],
  'compare.start': ['Compare', '开始比较'],
  'compare.goOn': ['Go on', '继续'],
  'compare.closes': ['The open run is kept and closed meanwhile.', '期间会保存并关闭已打开的训练。'],
  'compare.running': [
    'Training {done} of {total}: {name}, seed {seed}, step {step} of {steps}',
    '第 {done} / {total} 次训练：{name}，种子 {seed}，第 {step} / {steps} 步',
  ],
  'compare.preparing': ['Preparing', '准备中'],
  'compare.stopped': [
    'Stopped. Finished trainings are kept; it can go on from there.',
    '已停止。完成的训练已保存，可从此处继续。',
  ],
  'compare.finished': ['The comparison is finished', '比较已完成'],
  'compare.results': ['Results', '结果'],
  'compare.resultsLine': [
    '“{recipe}” on {data} · {done} of {total} trainings · {date}',
    '“{recipe}” · {data} · 已完成 {done} / {total} 次训练 · {date}',
  ],
  'compare.method': ['Method', '方法'],
  'compare.parameters': ['Parameters', '参数量'],
  'compare.ms': ['ms/step', '毫秒/步'],
  'compare.noisy': ['noisy inputs', '加噪输入'],
  'compare.without': ['without {modality}', '缺少{modality}'],
  'compare.alone': ['{modality} alone', '仅{modality}'],
  'compare.shuffled': ['{name}, modalities dealt out anew', '{name}（模态打乱）'],
  'compare.seedsOf': ['{seeds} {seeds|seed|seeds}', '{seeds} 个种子'],
  'compare.dots': ['Score by method; bars are the spread over seeds', '各方法得分；横线为种子间波动'],
  'compare.scatter': ['Score against parameters', '得分与参数量'],
  'compare.csv': ['Save CSV', '保存 CSV'],
  'compare.png': ['Save PNG', '保存 PNG'],
  'compare.earlier': ['Comparisons kept in this browser', '此浏览器保存的比较'],
  'compare.show': ['Show', '查看'],
  'compare.delete': ['Delete', '删除'],
  'compare.deleteOf': ['Delete the comparison of {recipe}', '删除“{recipe}”的比较'],
  'compare.emptyTitle': ['Nothing to compare yet', '还没有可比较的内容'],
  'compare.emptyData': [
    'Choose a data set and a recipe of two modalities or more.',
    '请选择数据集和包含两种以上模态的配方。',
  ],
  'compare.emptyOne': [
    'This recipe has one modality: there is nothing to fuse. Add an encoder on the Model screen.',
    '此配方只有一种模态，无需融合。请在“模型”页添加编码器。',
  ],
} as const satisfies Texts;

addTexts(compare);
