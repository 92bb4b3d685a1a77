/**
 * Every error a person can meet: a closed set of codes, each with a title, a sentence saying what happened
 * and where, and what to do, in English and Chinese. A code without both languages is a type error.
 * `{name}` in a text is replaced by the parameter of that name.
 */
import type { ErrorParams } from './errors.ts';

interface ErrorText {
  title: string;
  body: string;
  action: string;
}

interface ErrorEntry {
  en: ErrorText;
  zh: ErrorText;
}

const entry = (en: [string, string, string], zh: [string, string, string]): ErrorEntry => ({
  en: { title: en[0], body: en[1], action: en[2] },
  zh: { title: zh[0], body: zh[1], action: zh[2] },
});

export const errorTexts = {
  // The machine
  'webgpu-unavailable': entry(
    [
      'No WebGPU here',
      '{reason}',
      'Use Chrome or Edge 121 or newer, or train with TensorFlow.js in Settings.',
    ],
    [
      '此处没有 WebGPU',
      '{reason}',
      '请使用 Chrome 或 Edge 121 以上版本，或在设置中改用 TensorFlow.js 训练。',
    ],
  ),
  'vulkan-missing': entry(
    [
      'No graphics driver found',
      'Dawn found no Vulkan adapter.',
      'On Debian or Ubuntu: apt-get install mesa-vulkan-drivers (software) or your GPU vendor’s driver; or use --executor tfjs.',
    ],
    [
      '找不到图形驱动',
      'Dawn 没有找到 Vulkan 适配器。',
      '在 Debian 或 Ubuntu 上：apt-get install mesa-vulkan-drivers（软件渲染）或安装显卡厂商驱动；也可使用 --executor tfjs。',
    ],
  ),
  'device-lost': entry(
    ['The GPU went away', '{reason}', 'The run is safe at step {step}; press Resume to go on.'],
    ['GPU 已断开', '{reason}', '训练已保存到第 {step} 步；点击“继续”即可恢复。'],
  ),
  'out-of-memory': entry(
    [
      'The model does not fit',
      '{tensor} needs {needed}, the adapter allows {limit}.',
      'Lower the batch, the picture size or the width.',
    ],
    ['模型放不下', '{tensor} 需要 {needed}，适配器上限为 {limit}。', '请减小批大小、图片尺寸或宽度。'],
  ),
  'shader-compile': entry(
    [
      'A kernel did not compile',
      '{kernel}: {message}',
      'Copy the report and open an issue; TensorFlow.js in Settings works meanwhile.',
    ],
    ['内核编译失败', '{kernel}：{message}', '请复制报告并提交问题；在此期间可在设置中使用 TensorFlow.js。'],
  ),
  // The graph
  'shape-mismatch': entry(
    ['Shapes do not fit', '{path}: {message}', 'Change the block that is named.'],
    ['形状不匹配', '{path}：{message}', '请修改所指出的模块。'],
  ),
  'graph-invalid': entry(
    ['The graph is not valid', '{path}: {message}', 'Copy the report and open an issue.'],
    ['计算图无效', '{path}：{message}', '请复制报告并提交问题。'],
  ),
  'data-unfit': entry(
    ['The data does not fit the model', '{message}', 'Use data with the same columns and targets.'],
    ['数据与模型不匹配', '{message}', '请使用列和目标相同的数据。'],
  ),
  'zero-shot-unfit': entry(
    ['Zero-shot has no classes', 'The data names none.', 'Name two or more, one on each line.'],
    ['零样本没有类别', '数据未给出类别。', '请给出两个以上的类别名称，每行一个。'],
  ),
  'recipe-invalid': entry(
    ['The recipe has a mistake', '{path}: {message}', 'Correct the field that is named.'],
    ['配方有误', '{path}：{message}', '请更正所指出的字段。'],
  ),
  // Training
  'non-finite': entry(
    [
      'The loss is not a number',
      'Step {step}: the first tensor that is not finite is {tensor}.',
      'Go back to the last checkpoint and lower the learning rate.',
    ],
    ['损失不是有限数', '第 {step} 步：首个非有限张量是 {tensor}。', '请回到上一个检查点并降低学习率。'],
  ),
  'session-state': entry(
    [
      'Not possible now',
      'The run is {state}; “{command}” needs another state.',
      'Pause or open a run first.',
    ],
    ['当前无法执行', '训练处于 {state} 状态，无法执行“{command}”。', '请先暂停或打开一次训练。'],
  ),
  'run-missing': entry(
    ['Run not found', 'There is no run “{run}” in this browser.', 'Pick another run on the Runs screen.'],
    ['找不到训练记录', '此浏览器中没有“{run}”。', '请在“记录”页选择其他训练。'],
  ),
  'checkpoint-invalid': entry(
    ['The checkpoint cannot be used', '{message}', 'Pick an earlier checkpoint or start again.'],
    ['检查点不可用', '{message}', '请选择更早的检查点或重新开始。'],
  ),
  'branch-unfit': entry(
    [
      'The weights do not fit this recipe',
      'After step {step} of “{run}”: {message}',
      'Leave encoders, fusion and objectives as they are in that run, or train the recipe from its beginning.',
    ],
    [
      '权重与配方不符',
      '“{run}”第 {step} 步之后：{message}',
      '请保持该训练的编码器、融合方法与目标不变，或用此配方从头训练。',
    ],
  ),
  'start-unfit': entry(
    [
      'Nothing to start from',
      'After step {step} of “{run}”: {message}',
      'Keep encoders and fusion as in that run, or start at random.',
    ],
    [
      '没有可取的权重',
      '“{run}”第 {step} 步之后：{message}',
      '请保持该训练的编码器与融合方法，或从随机值开始。',
    ],
  ),
  'tokenizer-clash': entry(
    [
      'Two tokenizers',
      'The weights of “{run}” and “{other}” split text differently.',
      'Start from a run with the same tokenizer, or leave the other (teacher, tokenizer of a file) out.',
    ],
    [
      '分词器冲突',
      '“{run}”的权重与“{other}”的分词方式不同。',
      '请从使用相同分词器的训练开始，或去掉另一方（教师、文件分词器）。',
    ],
  ),
  // Data
  'data-empty': entry(
    ['Nothing to train on', '{message}', 'Drop a folder or zip with pictures and their captions.'],
    ['没有可训练的数据', '{message}', '请拖入包含图片和说明文字的文件夹或 zip。'],
  ),
  'split-unfit': entry(
    [
      'The data cannot be divided so',
      'Splits by the recipe’s data.split: {message}.',
      'Choose another way to split: at random, by classes, or by groups that the data has.',
    ],
    [
      '数据无法这样划分',
      '按配方的 data.split 划分：{message}。',
      '请选择其他划分方式：随机、按类别，或按数据中存在的组。',
    ],
  ),
  'split-groups': entry(
    [
      'Too few groups',
      'The parts asked for need {need} groups, since no group is parted; the data has {have}.',
      'Set the share of a part to 0, or choose smaller groups.',
    ],
    [
      '组太少',
      '数据有 {have} 个组；由于每组不可拆分，所要求的划分需要 {need} 个。',
      '请将某一部分的比例设为 0，或选择更小的组。',
    ],
  ),
  'data-unknown-layout': entry(
    [
      'No reader fits these files',
      '{message}',
      'See the list of layouts, or choose a reader and its columns by hand.',
    ],
    ['没有适合的读取器', '{message}', '请查看支持的布局列表，或手动选择读取器和列。'],
  ),
  'sources-unfit': entry(
    [
      'The sources do not fit together',
      '{source}: {message}.',
      'Choose the same kind of target in each, or take this source away.',
    ],
    ['各来源无法合并', '{source}：{message}。', '请为各来源选择相同类型的目标，或移除该来源。'],
  ),
  'data-too-few': entry(
    [
      'Too few pairs',
      '{have} training pictures; a batch needs {need}.',
      'Lower the batch size or add pictures.',
    ],
    ['图文对太少', '训练图片有 {have} 张；一个批次需要 {need} 张。', '请减小批大小或增加图片。'],
  ),
  'sampling-empty': entry(
    [
      'A group has no samples',
      'Batches are to hold “{group}” (share {share}), and no training sample is of it.',
      'Set its share to 0, or add such samples.',
    ],
    [
      '某一组没有样本',
      '批次应包含“{group}”（份额 {share}），但没有属于它的训练样本。',
      '请将其份额设为 0，或添加此类样本。',
    ],
  ),
  'sampling-unknown': entry(
    [
      'The data does not tell the groups apart',
      'Ratios by {by}: “class” needs one class per sample to predict, “source” samples from several sources.',
      'Choose ratios by something that the data has.',
    ],
    [
      '数据无法区分各组',
      '比例依据为 {by}：“class”需要每个样本有一个待预测类别，“source”需要样本来自多个来源。',
      '请选择数据中具备的依据。',
    ],
  ),
  'dataset-missing': entry(
    [
      'Data set not found',
      'There is no data set “{dataset}” here.',
      'Import it again, or choose another one.',
    ],
    ['找不到数据集', '这里没有数据集“{dataset}”。', '请重新导入，或选择其他数据集。'],
  ),
  'fetch-failed': entry(
    [
      'Picture could not be fetched',
      '{file}: {message}',
      'Download the pictures with another program and drop them with the table; they are matched by name.',
    ],
    ['图片无法获取', '{file}：{message}', '请用其他程序下载图片，与表格一起拖入；图片按文件名匹配。'],
  ),
  'file-missing': entry(
    [
      'File not found',
      '{file} is named by {place} but is not among the files.',
      'Add the file or remove the row.',
    ],
    ['找不到文件', '{place} 提到了 {file}，但文件中没有它。', '请补上文件或删除该行。'],
  ),
  'file-unreadable': entry(
    ['File cannot be read', '{file}: {message}', 'Check the file; the rest went on without it.'],
    ['文件无法读取', '{file}：{message}', '请检查该文件；其余文件已继续处理。'],
  ),
  'image-decode': entry(
    [
      'Picture cannot be decoded',
      '{file}: {message}',
      'Save it again as PNG, JPEG or WebP; the rest went on without it.',
    ],
    ['图片无法解码', '{file}：{message}', '请另存为 PNG、JPEG 或 WebP；其余图片已继续处理。'],
  ),
  'image-too-large': entry(
    [
      'Picture is too large',
      '{file} has {pixels} pixels; the limit is {limit}.',
      'Make it smaller; the rest went on without it.',
    ],
    ['图片过大', '{file} 有 {pixels} 像素，上限为 {limit}。', '请缩小后再试；其余图片已继续处理。'],
  ),
  'sound-decode': entry(
    ['Sound cannot be decoded', '{file}: {message}', 'Save it again as WAV; the rest went on without it.'],
    ['声音无法解码', '{file}：{message}', '请另存为 WAV；其余数据已继续处理。'],
  ),
  'film-decode': entry(
    [
      'Film cannot be decoded',
      '{file}: {message}',
      'Save it again as MP4 (H.264 with AAC) or WebM; the rest went on without it.',
    ],
    ['影片无法解码', '{file}：{message}', '请另存为 MP4（H.264 与 AAC）或 WebM；其余数据已继续处理。'],
  ),
  'caption-empty': entry(
    [
      'Caption is empty',
      '{file} has no words beside it ({place}).',
      'Write a caption; the rest went on without it.',
    ],
    ['说明文字为空', '{file} 没有文字（{place}）。', '请补充说明文字；其余数据已继续处理。'],
  ),
  'row-malformed': entry(
    ['Row cannot be read', '{place}: {message}', 'Correct the row; the rest went on without it.'],
    ['该行无法读取', '{place}：{message}', '请更正该行；其余数据已继续处理。'],
  ),
  'archive-invalid': entry(
    ['Archive cannot be read', '{file}: {message}', 'Pack it again as a plain .zip.'],
    ['压缩包无法读取', '{file}：{message}', '请重新打包为普通 .zip。'],
  ),
  'archive-budget': entry(
    ['Archive is too large', '{file} unpacks to more than {limit}.', 'Unpack it and drop the folder.'],
    ['压缩包过大', '{file} 解压后超过 {limit}。', '请解压后拖入文件夹。'],
  ),
  'tokenizer-invalid': entry(
    ['Tokenizer cannot be used', '{message}', 'Choose another tokenizer.json.'],
    ['分词器不可用', '{message}', '请选择其他 tokenizer.json。'],
  ),
  'tokenizer-unknown': entry(
    [
      'Not a tokenizer',
      '“{file}” is none of the known forms.',
      'Choose a tokenizer.json, CLIP’s bpe_simple_vocab_16e6.txt.gz, or vocab.json together with merges.txt.',
    ],
    [
      '不是分词器',
      '“{file}”不属于任何已知格式。',
      '请选择 tokenizer.json、CLIP 的 bpe_simple_vocab_16e6.txt.gz，或同时选择 vocab.json 与 merges.txt。',
    ],
  ),
  'tokenizer-missing': entry(
    [
      'Tokenizer not found',
      'The recipe splits text with “{name}”, which is not kept here.',
      'Choose its file again in the recipe’s data (headless: --tokenizer), or learn one from the captions.',
    ],
    [
      '找不到分词器',
      '配方使用分词器“{name}”，但此处没有保存。',
      '请在配方的数据部分重新选择该文件（命令行：--tokenizer），或改为从说明文字中学习。',
    ],
  ),
  // Files that come in and go out
  'bundle-invalid': entry(
    ['Not a model of ours', '{file}: {message}', 'Choose the .zip that Export wrote.'],
    ['不是可识别的模型', '{file}：{message}', '请选择“导出”生成的 .zip。'],
  ),
  'export-unfit': entry(
    ['This model cannot be written so', '{format}: {message}', 'Choose another format.'],
    ['该模型无法以此格式导出', '{format}：{message}', '请选择其他格式。'],
  ),
  'safetensors-invalid': entry(
    ['The weights file is damaged', '{file}: {message}', 'Export it again.'],
    ['权重文件已损坏', '{file}：{message}', '请重新导出。'],
  ),
  'dataset-busy': entry(
    [
      'The data set is being read',
      '“{dataset}” is read by an open run, here or in another tab.',
      'Open another run, or close the other tab, and try again.',
    ],
    [
      '数据集正在被读取',
      '“{dataset}”正被一个打开的训练读取（在此处或另一个标签页）。',
      '请打开其他训练，或关闭另一个标签页，然后重试。',
    ],
  ),
  'quota-exceeded': entry(
    [
      'The browser’s storage is full',
      'Saving {what} needs {needed}.',
      'Delete old runs or data sets, or free disk space.',
    ],
    ['浏览器存储已满', '保存 {what} 需要 {needed}。', '请删除旧的训练或数据集，或释放磁盘空间。'],
  ),
  cancelled: entry(
    ['Cancelled', '{what} was cancelled.', 'Start it again when you like.'],
    ['已取消', '{what} 已取消。', '可随时重新开始。'],
  ),
  'query-unknown': entry(
    [
      'No such tensor',
      '“{query}” means no tensor of this model. Close: {near}.',
      'Choose a name from the list.',
    ],
    ['没有这样的张量', '“{query}”在此模型中没有对应的张量。相近的有：{near}。', '请从列表中选择名称。'],
  ),
  'bad-argument': entry(
    ['Argument not understood', '{argument}: {message}', 'See --help.'],
    ['参数无法识别', '{argument}：{message}', '请查看 --help。'],
  ),
  internal: entry(
    ['Something went wrong', '{message}', 'Copy the report and open an issue; your data and runs are kept.'],
    ['出现问题', '{message}', '请复制报告并提交问题；数据与训练记录均已保留。'],
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTexts;
export type Language = 'en' | 'zh';

/** Title, sentence and remedy of an error with its parameters filled in. */
export function errorText(code: ErrorCode, params: ErrorParams, language: Language): ErrorText {
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '–'));
  const text: ErrorText = errorTexts[code][language];
  return { title: fill(text.title), body: fill(text.body), action: fill(text.action) };
}
