/**
 * What can be said of a written project without Python: its weights read again, its recipe accepted here, its model of the recipe's classes. That the code computes
 * what the graph does, gradients and training included, is tested for every encoder, fusion and objective (firstStep.test.ts, training.test.ts).
 */
import { parseRecipe } from '../../core/recipe.ts';
import type { ModelBundle } from '../../interchange/bundle.ts';
import { readSafetensors } from '../../interchange/safetensors.ts';
import { toFloat32 } from '../../interchange/tensorTypes.ts';
import type { Checked, ExportFile } from '../definition.ts';
import { encoderClasses, fusionClasses, objectiveClasses, withTeachers } from './assemble.ts';

export function checkProject(files: readonly ExportFile[], bundle: ModelBundle): Checked[] {
  const bytes = (path: string) => files.find((file) => file.path === path)?.bytes ?? new Uint8Array();
  const text = (path: string) => new TextDecoder().decode(bytes(path));
  const { tensors } = readSafetensors(bytes('weights.safetensors'), 'weights.safetensors');
  const different = [...bundle.weights].filter(([name, { shape, values }]) => {
    const stored = tensors.get(name);
    if (!stored || stored.shape.join() !== shape.join()) return true;
    const again = toFloat32(stored);
    return values.some((value, i) => !Object.is(value, again[i]));
  });
  const count = bundle.weights.size;
  const same = count - different.length;

  const model = text('model.py');
  const recipes = withTeachers(parseRecipe(JSON.parse(text('recipe.json'))));
  const wanted = recipes.flatMap(({ encoders, fusion, objectives }) => [
    ...Object.values(encoders).map(({ type }) => encoderClasses[type][1]),
    fusionClasses[fusion.type][1],
    ...objectives.map(({ type }) => objectiveClasses[type][1]),
  ]);
  const lacking = wanted.filter((name) => !model.includes(`\nclass ${name}(`));
  return [
    {
      name: { en: 'Weights, read again', zh: '重新读取权重' },
      passed: different.length === 0 && tensors.size === count,
      detail: {
        en: `${same} of ${count} tensors equal to the bit`,
        zh: `${count} 个张量中 ${same} 个逐位相同`,
      },
    },
    {
      name: { en: 'Classes of the recipe in model.py', zh: 'model.py 中的配方类' },
      passed: lacking.length === 0,
      detail: {
        en: `${wanted.length - lacking.length} of ${wanted.length}`,
        zh: `${wanted.length} 个中有 ${wanted.length - lacking.length} 个`,
      },
    },
  ];
}
