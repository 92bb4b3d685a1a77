/**
 * `model.py` from the files under `python/model`: those that a recipe needs and what they import from each other, each once, one after another, with the
 * imports of all in front. So the text that is shipped is the text that is tested, and holds no class that the recipe does not use.
 */
import type { Recipe } from '../../core/recipe.ts';
import { parseRecipe } from '../../core/recipe.ts';

/** File and class of each part, by its type in recipes. */
export const encoderClasses: Readonly<Record<string, [string, string]>> = {
  vit: ['vit', 'VisionTransformer'],
  cnn: ['cnn', 'ConvNet'],
  transformer: ['text_transformer', 'TextTransformer'],
  audio: ['audio_transformer', 'AudioTransformer'],
  table: ['table', 'TableEncoder'],
  'clip-vision': ['hub_vision', 'ClipVision'],
  'hf-vit': ['hub_vision', 'HubViT'],
  'clip-text': ['hub_text', 'ClipText'],
  bert: ['hub_text', 'Bert'],
};
export const fusionClasses: Readonly<Record<string, [string, string]>> = {
  'two-tower': ['two_tower', 'TwoTower'],
  late: ['late', 'LateFusion'],
  early: ['early', 'EarlyFusion'],
  'co-attention': ['co_attention', 'CoAttention'],
  flamingo: ['flamingo', 'Flamingo'],
  perceiver: ['perceiver', 'Perceiver'],
  'q-former': ['q_former', 'QFormer'],
  'mid-gated': ['mid_gated', 'MidGated'],
  hierarchical: ['hierarchical', 'Hierarchical'],
  moe: ['moe', 'MixtureOfExperts'],
  dynamic: ['dynamic', 'DynamicFusion'],
  'low-rank': ['low_rank', 'Multiplicative'],
};
export const objectiveClasses: Readonly<Record<string, [string, string]>> = {
  infonce: ['infonce', 'InfoNCE'],
  sigmoid: ['sigmoid', 'SigmoidPairs'],
  classification: ['classification', 'Classification'],
  vqa: ['vqa', 'QuestionAnswering'],
  labels: ['labels', 'SeveralLabels'],
  regression: ['regression', 'Regression'],
  captioning: ['captioning', 'Captioning'],
  mlm: ['masked_language', 'MaskedWords'],
  mim: ['masked_image', 'MaskedPatches'],
  itm: ['matching', 'Matching'],
  unimodal: ['unimodal', 'EachAlone'],
  distillation: ['distillation', 'Distillation'],
};

/** A recipe and those of its teachers. */
export function withTeachers(recipe: Recipe): Recipe[] {
  const teachers = recipe.objectives.flatMap(({ teacher }) =>
    teacher && typeof teacher === 'object' && 'recipe' in teacher ? [parseRecipe(teacher.recipe)] : [],
  );
  return [recipe, ...teachers.flatMap(withTeachers)];
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)];

/** Name of a Python table: type to class. */
function table(name: string, types: readonly string[], classes: Readonly<Record<string, [string, string]>>) {
  const entries = types.map((type) => `    ${JSON.stringify(type)}: ${classes[type][1]},`);
  return [`${name} = {`, ...entries, '}'].join('\n');
}

interface Parsed {
  /** Imports of other packages: `import x` lines, and names by module. */
  plain: string[];
  from: [string, string[]][];
  /** Paths of files of ours. */
  own: string[];
  body: string;
}

const importLine =
  /^(?:import (?<plain>[\w. ]+)|from (?<module>[.\w]+) import (?<names>\([^)]*\)|[^\n]*))\n/gm;

function parse(path: string, text: string): Parsed {
  const plain: string[] = [];
  const from: [string, string[]][] = [];
  const own: string[] = [];
  const rest = text.replaceAll(importLine, (...found) => {
    const groups: Record<string, string | undefined> = found.at(-1);
    const { module, names = '' } = groups;
    if (groups['plain']) plain.push(groups['plain'].trim());
    else if (module?.startsWith('.')) own.push(relative(path, module));
    else if (module)
      from.push([
        module,
        names
          .replaceAll(/[()]/g, '')
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean),
      ]);
    return '';
  });
  // A file's first words stand over what it brings.
  const body = rest.replace(/^"""\s*([\s\S]*?)\s*"""\n+/, (_, words: string) => {
    const lines = words.split('\n').map((line) => `# ${line}`.trimEnd());
    return `${lines.join('\n')}\n\n\n`;
  });
  return { plain, from, own, body: body.replaceAll(/\n{4,}/g, '\n\n\n').trim() };
}

/** `..layers.block` in `encoders/vit.py` is `layers/block.py`. */
function relative(path: string, module: string): string {
  const dots = /^\.+/.exec(module)![0].length;
  const folder = path.split('/').slice(0, -dots);
  return `${[...folder, ...module.slice(dots).split('.')].join('/')}.py`;
}

/** The lines of imports, those of the standard library first. */
export function importLines(plain: readonly string[], from: readonly [string, string[]][]): string {
  const names = new Map<string, Set<string>>();
  for (const [module, list] of from) {
    const known = names.get(module) ?? new Set();
    for (const name of list) known.add(name);
    names.set(module, known);
  }
  const key = (line: string) => `${line.startsWith('import') ? 0 : 1} ${line}`;
  const all = [
    ...unique(plain).map((name) => ({ module: name, line: `import ${name}` })),
    ...[...names].map(([module, list]) => ({
      module,
      line: `from ${module} import ${[...list].sort().join(', ')}`,
    })),
  ].sort((a, b) => key(a.line).localeCompare(key(b.line)));
  const foreign = (module: string) => /^(torch|numpy|PIL|safetensors|tokenizers)\b/.test(module);
  const lines = (wanted: boolean) =>
    all.filter(({ module }) => foreign(module) === wanted).map(({ line }) => line);
  return [lines(false).join('\n'), lines(true).join('\n')].filter(Boolean).join('\n\n');
}

/** @param sources by path under `python/` @returns the text of model.py */
export function modelFile(recipe: Recipe, sources: ReadonlyMap<string, string>): string {
  const recipes = withTeachers(recipe);
  const encoders = unique(recipes.flatMap((one) => Object.values(one.encoders).map(({ type }) => type)));
  const fusions = unique(recipes.map(({ fusion }) => fusion.type));
  const objectives = unique(recipes.flatMap((one) => one.objectives.map(({ type }) => type)));
  const wanted = [
    ...encoders.map((type) => `model/encoders/${encoderClasses[type][0]}.py`),
    ...fusions.map((type) => `model/fusion/${fusionClasses[type][0]}.py`),
    ...objectives.map((type) => `model/objectives/${objectiveClasses[type][0]}.py`),
    'model/assembly.py',
  ];
  const parts = new Map<string, Parsed>();
  const visit = (path: string) => {
    if (parts.has(path)) return;
    const text = sources.get(path);
    if (text === undefined) throw new Error(`${path} is imported and not there`);
    const parsed = parse(path, text);
    // Its place is taken after what it needs.
    for (const other of parsed.own) visit(other);
    parts.set(path, parsed);
  };
  for (const path of wanted) visit(path);
  const all = [...parts.values()];
  const tables = [
    '# The parts of this recipe, by their types.',
    table('ENCODERS', encoders, encoderClasses),
    table('FUSIONS', fusions, fusionClasses),
    table('OBJECTIVES', objectives, objectiveClasses),
  ];
  return `"""The model of “${recipe.name.replaceAll(/["\\\s]+/g, ' ')}”: encoders, fusion and objectives as its recipe says them."""

${importLines(
  all.flatMap(({ plain }) => plain),
  all.flatMap(({ from }) => from),
)}

${all
  .slice(0, -1)
  .map(({ body }) => body)
  .join('\n\n\n')}


${tables.join('\n')}


${all.at(-1)!.body}
`;
}
