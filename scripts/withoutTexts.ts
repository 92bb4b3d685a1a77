/**
 * Leaves the titles and helps of definitions out of the workers: they compute, the page speaks. A worker that showed one would show nothing,
 * so it applies to models and training alone, whose texts only the page and the commands read.
 */
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const folders = ['models', 'training'].map((name) =>
  fileURLToPath(new URL(`../src/${name}/`, import.meta.url)),
);

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

export const withoutTexts = (): Plugin => ({
  name: 'without-texts',
  apply: 'build',
  enforce: 'post',
  transform(code, id) {
    const [file] = id.split('?');
    if (!folders.some((folder) => file.startsWith(folder))) return;
    const program: unknown = this.parse(code);
    if (!isNode(program)) return;
    let result = code;
    for (const { start, end } of textsIn(program).sort((a, b) => b.start - a.start))
      result = `${result.slice(0, start)}{}${result.slice(end)}`;
    return { code: result, map: null };
  },
});
