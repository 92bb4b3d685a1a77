/**
 * What goes beside a served model's programs, whatever their format: the same files as in the model's own zip, what each input means, and a README that says
 * how a picture, a text, a sound or a row becomes one.
 */
import type { FieldValues, Text } from '../core/fields.ts';
import { audioDefaults, bandsOf } from '../data/audio/shape.ts';
import type { ModelFacts } from '../data/facts.ts';
import type { ModelBundle } from '../interchange/bundle.ts';
import { writePreprocessing } from '../interchange/preprocessing.ts';
import { bundleFacts } from '../training/bundle.ts';
import type { ExportFile } from './definition.ts';
import { type InferenceProgram, inferencePrograms } from './inference.ts';

/** Which programs are written: the field that every format has. */
export const partsField = {
  key: 'parts',
  kind: 'choice',
  label: { en: 'Programs', zh: '程序' },
  help: {
    en: 'All; each encoder alone, for search; or the whole model with what its objectives say.',
    zh: '全部；仅各编码器（用于检索）；或整个模型及其目标的输出。',
  },
  default: 'all',
  choices: [
    { value: 'all', label: { en: 'All', zh: '全部' } },
    { value: 'towers', label: { en: 'Encoders alone', zh: '仅编码器' } },
    { value: 'joint', label: { en: 'Whole model', zh: '整个模型' } },
  ],
} as const;

/** Those that are asked for; all where a model has none of the kind. */
export function chosenPrograms(bundle: ModelBundle, { parts }: FieldValues): InferenceProgram[] {
  const all = inferencePrograms(bundle);
  const tower = ({ name }: InferenceProgram) => bundle.recipe.encoders[name] !== undefined;
  const chosen = all.filter((program) => parts === 'all' || tower(program) === (parts === 'towers'));
  return chosen.length > 0 ? chosen : all;
}

/** Why nothing can be written. @param limit bytes of weights that the format takes */
export function unfitFor(bundle: ModelBundle, limit: number): Text | undefined {
  const bytes = [...bundle.weights.values()].reduce((sum, { values }) => sum + values.byteLength, 0);
  if (bytes > limit)
    return {
      en: `The weights are ${(bytes / 1e9).toFixed(1)} GB; a file of this format takes ${limit / 1e9} GB.`,
      zh: `权重共 ${(bytes / 1e9).toFixed(1)} GB，该格式的文件最多 ${limit / 1e9} GB。`,
    };
  if (inferencePrograms(bundle).length === 0)
    return {
      en: 'None of its objectives leaves something to be served.',
      zh: '它的训练目标没有可供部署的输出。',
    };
  return undefined;
}

const json = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);

/** Recipe, tokenizer, preprocessing and facts of the data, as the model's own zip has them. */
export const filesBeside = (bundle: ModelBundle): ExportFile[] => [
  { path: 'recipe.json', bytes: json(bundle.recipe) },
  { path: 'tokenizer.json', bytes: json(bundle.tokenizerJson) },
  { path: 'preprocessor_config.json', bytes: json(writePreprocessing(bundle.preprocessing)) },
  { path: 'data_facts.json', bytes: json(bundleFacts(bundle)) },
];

/** What a file says of itself. */
export function metadataOf(bundle: ModelBundle, { name }: Pick<InferenceProgram, 'name'>) {
  const { target, marks } = bundleFacts(bundle);
  return {
    program: name,
    recipe: JSON.stringify(bundle.recipe),
    dataset: bundle.datasetName,
    fingerprint: bundle.fingerprint,
    step: String(bundle.step),
    preprocessing: JSON.stringify(writePreprocessing(bundle.preprocessing)),
    tokenizer: 'tokenizer.json',
    text_length: String(bundle.recipe.data.textLength),
    ...(marks && { tokens: JSON.stringify(marks) }),
    ...(target && { target: target.name, classes: JSON.stringify(target.classes) }),
  };
}

/** What an input holds. */
export function meaningOf(name: string, bundle: ModelBundle, program: string): string {
  const { marks, table, target } = bundleFacts(bundle);
  const known: Record<string, string> = {
    images: 'RGB pictures, channels last, normalized (Pictures below)',
    tokens: `token ids, padded with ${marks?.pad ?? 0} (Text below)`,
    keep:
      program === 'caption_step' ? '1 for each place up to this token’s' : '1 for each token, 0 for padding',
    sound: 'frames of sound features, standardized (Sound below)',
    soundKeep: '1 for each frame that the clip fills',
    cells: `numbers of ${table?.columns.join(', ') ?? 'the table'}, standardized; 0 where one is missing`,
    cellKeep: '1 for each cell that is there',
    token: 'the last token written; first the start mark',
    place: '1 at the place of this token, counted from 0; the same for all rows',
    parent: 'the row whose past this row goes on with; its own number unless beams are searched',
    memoryKeep: '1 for each part of the memory that counts',
    embedding: 'unit vectors: their products are cosines',
    joint: 'the fused vector',
    guess: 'the likeliest token of each place',
    share: 'its probability',
    logits: 'of the next token; those beyond the vocabulary mean nothing',
  };
  const [first, second = ''] = name.split('.');
  if (known[name]) return known[name];
  if (first === 'present') return `1 for samples that have ${second}, 0 for those without`;
  if (second === 'maskedTokens')
    return `token ids with ${marks?.mask ?? 'the mask'} where a word is to be found`;
  if (first === 'cross') return `keys and values of decoder block ${second}, from caption_memory`;
  if (first === 'cache') return `keys and values so far of block ${second}: zeros, then next.${second}`;
  if (first === 'next') return `the next cache.${second}`;
  if (second === 'embedding') return `unit vectors of ${first}; their products are cosines`;
  if (first.startsWith('itm')) return 'logits of “do not belong together” and “belong together”';
  if (first.startsWith('unimodal') && target) return `logits of ${target.name} from ${second} alone`;
  if (second === 'logits' && target) return `logits of ${target.name}; the classes are listed below`;
  if (second === 'value' && target) return `${target.name}, in its own unit`;
  return second;
}

/** A row of the README's tables. */
export interface Described {
  name: string;
  type: string;
  shape: readonly (number | string)[];
}

const tableOf = (rows: readonly Described[], bundle: ModelBundle, program: string) =>
  rows
    .map(
      ({ name, type, shape }) =>
        `| \`${name}\` | ${type} [${shape.join(', ')}] | ${meaningOf(name, bundle, program)} |`,
    )
    .join('\n');

/** @param files the program's file, its inputs and outputs */
export function readmeOf(
  bundle: ModelBundle,
  format: string,
  programs: { program: InferenceProgram; file: string; inputs: Described[]; outputs: Described[] }[],
  parts: { use: { language: string; code: string }; notes?: string },
): ExportFile {
  const sections = programs.map(
    ({ program, file, inputs, outputs }) => `### \`${file}\`

${program.about.en}${program.shares ? ' Its experts have room for a share of the batch: what else is in a batch can change an answer a little.' : ''}

| input | | |
|---|---|---|
${tableOf(inputs, bundle, program.name)}

| output | | |
|---|---|---|
${tableOf(outputs, bundle, program.name)}
`,
  );
  const text = `# ${bundle.recipe.name.replace(/\s+/g, ' ')}: ${format}

Trained with Amalgam for ${bundle.step} steps on ${bundle.datasetName.replace(/\s+/g, ' ')} (${bundle.fingerprint.slice(0, 16)}). All numbers are float32, tokens int32; \`batch\` is any number of samples.

## Programs

${sections.join('\n')}
## From data to inputs

${steps(bundle, bundleFacts(bundle)).join('\n\n')}
${parts.notes ? `\n${parts.notes}\n` : ''}
## To begin

\`\`\`${parts.use.language}
${parts.use.code}
\`\`\`
`;
  return { path: 'README.md', bytes: new TextEncoder().encode(text) };
}

const numbers = (list: readonly number[]) => list.map((value) => Number(value.toPrecision(7))).join(', ');

/** How each modality becomes an input; and what the outputs' classes are called. */
function steps({ recipe, preprocessing }: ModelBundle, facts: ModelFacts): string[] {
  const { encoders, data } = recipe;
  const { size, mean, deviation, fit, background } = preprocessing;
  const parts: string[] = [];
  const square = {
    crop: 'cut to the square in its middle',
    pad: `fitted into a square, with ${background} around`,
    stretch: 'stretched to a square',
  }[fit];
  if (encoders['image'])
    parts.push(
      `**Pictures**: put on ${background} where they are transparent; ${square}; resized to ${size} × ${size} (Pillow’s BILINEAR, which averages while it shrinks); divided by 255; minus ${numbers(mean)}; divided by ${numbers(deviation)} (red, green, blue).`,
    );
  const reads = encoders['text'] || recipe.objectives.some(({ type }) => type === 'captioning');
  if (reads && facts.marks)
    parts.push(
      `**Text**: the ids of \`tokenizer.json\` without special tokens, at most ${data.textLength - 2} of them; ${facts.marks.start} before and ${facts.marks.end} behind; filled up with ${facts.marks.pad} to ${data.textLength}.`,
    );
  if (encoders['audio'] && facts.sound) {
    const audio = data.audio ?? audioDefaults;
    const { features, rate, window, hop, bins } = audio;
    const { frames } = facts.sound;
    const bands = bandsOf(audio);
    const fft = 2 ** Math.ceil(Math.log2(Math.max(Math.round((window * rate) / 1000), 4 * bands)));
    parts.push(
      `**Sound**: one channel at ${rate} samples a second, −1 … 1; a frame every ${hop} ms, a periodic Hann window of ${window} ms around its place, in an FFT of ${fft} (zeros beyond the ends); power in ${bands} mel bands (Slaney’s scale and areas, as librosa has them) in decibels, at most 80 below the loudest${features === 'mfcc' ? `; the first ${bins} coefficients of the orthonormal DCT-II` : ''}; per bin minus \`sound.mean\` and divided by \`sound.deviation\` of \`data_facts.json\`; zeros after the end, ${frames} frames in all.`,
    );
  }
  if (encoders['table'] && facts.table)
    parts.push(
      `**Table**: ${facts.table.columns.map((name, k) => `${name} minus ${numbers([facts.table!.mean[k]])}, divided by ${numbers([facts.table!.deviation[k]])}`).join('; ')}; 0 where a cell is missing.`,
    );
  if (facts.target && facts.target.classes.length > 0)
    parts.push(
      `**Classes** of ${facts.target.name}, in order: ${facts.target.classes.map((name) => name.replace(/\s+/g, ' ')).join(', ')}.`,
    );
  return parts;
}
