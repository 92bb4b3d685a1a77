/**
 * Samples that must not be parted: those of one speaker, patient, shop. A group is told by the top folder or source, by a column of the table, or by a
 * pattern over file names. Groups are of any size, so parts come as near to their shares as whole groups allow, and each has at least one.
 */
import { StudioError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Dataset, Split, Table } from './dataset.ts';

export type Grouping = Pick<Recipe['data']['split'], 'groups' | 'column' | 'pattern'>;
type Parts = Pick<Dataset, 'files' | 'sources' | 'table'>;

/**
 * The group of each sample; samples of which nothing is known are one group, since they may belong together.
 * @throws StudioError `split-unfit` where the data does not tell groups apart
 */
export async function groupKeys(
  { files, sources, table }: Parts,
  { groups = 'source', column = '', pattern = '' }: Grouping,
): Promise<string[]> {
  if (groups === 'pattern') {
    const keys = await caught(files, pattern);
    return told(keys, `“${pattern}” gives no two different groups of file names such as “${files[0] ?? ''}”`);
  }
  if (groups === 'column')
    return told(
      columnKeys(table, column, files.length),
      `its table has no column “${column}” of several values`,
    );
  const folders = files.map((file) => (file.includes('/') ? `of ${file.slice(0, file.indexOf('/'))}` : ''));
  return told(sources ?? folders, 'all its samples came from one place: no folders and no column of sources');
}

/**
 * What a pattern catches of each file name: its first group, else all that it matches. Matched in time that grows with the name alone (RE2, Cox 2007): a
 * pattern like `(a+)+$` would hold a backtracking engine up for hours. So what needs backtracking (looking around, back references) is not read.
 */
async function caught(files: readonly string[], pattern: string): Promise<string[]> {
  const { RE2JS, RE2JSSyntaxException } = await import('re2js');
  try {
    const expression = RE2JS.compile(pattern);
    return files.map((file) => {
      const found = expression.matcher(file);
      if (!found.find()) return '';
      const group = expression.groupCount() > 0 ? found.group(1) : null;
      return `of ${group ?? found.group()}`;
    });
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause;
    throw new StudioError(
      'split-unfit',
      {
        message: `“${pattern}” cannot be used (${cause.message}); patterns are regular expressions without looking around and back references`,
      },
      { cause },
    );
  }
}

function told(keys: string[], otherwise: string): string[] {
  if (new Set(keys).size < 2) throw new StudioError('split-unfit', { message: otherwise });
  return keys;
}

/** A number by its value in the first step of the row; a category by which of its columns `name=value` is 1. */
function columnKeys(table: Table | undefined, column: string, count: number): string[] {
  if (!table) return new Array<string>(count).fill('');
  const places = table.columns.flatMap((name, place) =>
    name === column || name.startsWith(`${column}=`) ? [place] : [],
  );
  const width = table.steps * table.columns.length;
  return Array.from({ length: count }, (_, i) => {
    const values = places.map((place) => table.values[i * width + place]);
    return values.every(Number.isNaN) ? '' : `of ${values.join(' ')}`;
  });
}

/** Joins groups that share a key. @param groups duplicates, which stay together @param keys of each sample */
export function joinGroups(groups: readonly number[][], keys: readonly string[]): number[][] {
  const parent = groups.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root];
    return root;
  };
  const owner = new Map<string, number>();
  for (const [index, group] of groups.entries())
    for (const sample of group) {
      const other = owner.get(keys[sample]);
      if (other === undefined) owner.set(keys[sample], index);
      else {
        const [a, b] = [rootOf(index), rootOf(other)];
        parent[Math.max(a, b)] = Math.min(a, b);
      }
    }
  const joined = new Map<number, number[]>();
  for (const [index, group] of groups.entries()) {
    const root = rootOf(index);
    const members = joined.get(root) ?? [];
    members.push(...group);
    joined.set(root, members);
  }
  return [...joined.values()].map((group) => group.sort((a, b) => a - b));
}

/**
 * Deals whole groups out: test, then validation, the rest for training.
 * @throws StudioError `split-groups` where there are fewer groups than parts
 */
export function dealGroups(
  groups: readonly number[][],
  shares: { validation: number; test: number },
  draw: Random,
  put: (group: readonly number[], split: Split) => void,
): void {
  const wanted = (['test', 'validation'] as const).filter((split) => shares[split] > 0);
  if (groups.length < wanted.length + 1)
    throw new StudioError('split-groups', { have: groups.length, need: wanted.length + 1 });
  const samples = groups.reduce((sum, group) => sum + group.length, 0);
  let rest = Array.from(draw.permutation(groups.length), (index) => groups[index]);
  for (const [place, split] of wanted.entries()) {
    // One for each part that follows, training included.
    const most = rest.length - (wanted.length - place);
    let left = samples * shares[split];
    const taken = new Set<number[]>();
    for (const group of rest) {
      if (taken.size === most) break;
      // Nearer to the share with it than without.
      if (group.length >= 2 * left) continue;
      taken.add(group);
      left -= group.length;
    }
    if (taken.size === 0) taken.add(rest.reduce((a, b) => (b.length < a.length ? b : a)));
    for (const group of taken) put(group, split);
    rest = rest.filter((group) => !taken.has(group));
  }
  for (const group of rest) put(group, 'train');
}
