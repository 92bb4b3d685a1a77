/**
 * Leaves out of the engine worker, and of the page in an exported file, what they do not compute with: the titles and helps of encoders, fusions, objectives, optimizers and schedules, which the page reads
 * from the catalogue that the data worker gives; and what only tests read, the cases of ops and the float64 meaning of optimizers.
 */
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const folder = (name: string) => fileURLToPath(new URL(`../src/${name}/`, import.meta.url));
const folders = ['models', 'training/optimizers', 'training/schedules'].map(folder);
/** Properties that only tests read, by folder. */
const tested = new Map([
  [folder('engine/ops'), 'cases'],
  [folder('training/optimizers'), 'reference'],
]);

interface Node {
  type: string;
  start: number;
  end: number;
}

const isNode = (value: unknown): value is Node & Record<string, unknown> =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** `{ en: …, zh: … }` */
function isText(node: Record<string, unknown>): boolean {
  const { properties } = node;
  if (node['type'] !== 'ObjectExpression' || !Array.isArray(properties)) return false;
  return properties.map((property) => property.key?.name).join() === 'en,zh';
}

/** Where the outermost texts of a program stand. */
function textsIn(node: Node & Record<string, unknown>): Node[] {
  if (isText(node)) return [node];
  return Object.values(node).flat().filter(isNode).flatMap(textsIn);
}

/** Where the outermost properties of this name stand. */
function namedIn(node: Node & Record<string, unknown>, name: string): Node[] {
  const { key } = node;
  const own = node.type === 'Property' && isNode(key) && key['name'] === name;
  if (own) return [node];
  return Object.values(node)
    .flat()
    .filter(isNode)
    .flatMap((inner) => namedIn(inner, name));
}

/** @param bundle the entry of the build it is for */
export function withoutTexts(bundle = 'engine.worker'): Plugin {
  let engine = false;
  return {
    name: 'without-texts',
    apply: 'build',
    enforce: 'post',
    buildStart({ input }) {
      engine = Object.values(input).some((entry) => entry.includes(bundle));
    },
    transform(code, id) {
      const [file] = id.split('?');
      const told = folders.some((one) => file.startsWith(one));
      const name = [...tested].find(([one]) => file.startsWith(one))?.[1];
      if (!engine || (!told && !name)) return;
      const program: unknown = this.parse(code);
      if (!isNode(program)) return;
      const gone = [
        ...(told ? textsIn(program).map((node) => ({ ...node, by: '{}' })) : []),
        ...(name ? namedIn(program, name).map((node) => ({ ...node, by: `${name}: []` })) : []),
      ].sort((a, b) => b.start - a.start);
      let result = code;
      let before = code.length;
      for (const { start, end, by } of gone) {
        // A text inside of what goes.
        if (end > before) continue;
        result = `${result.slice(0, start)}${by}${result.slice(end)}`;
        before = start;
      }
      return { code: result, map: null };
    },
  };
}
