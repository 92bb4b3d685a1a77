/** Rows of the Runs screen: filters, sorting, groups of seeds, the tree with orphans. */
import { expect, test } from 'vitest';
import clipShapes from '../../../../recipes/clip-shapes.json' with { type: 'json' };
import { parseRecipe } from '../../../core/recipe.ts';
import type { RunSummary } from '../../../workers/api.ts';
import type { RunsView } from '../../state/runsView.ts';
import { arrange, groupStatistics } from './arrange.ts';

const recipe = parseRecipe(clipShapes);
const run = (id: string, more: Partial<RunSummary> = {}, seed = 0): RunSummary => ({
  id,
  name: id,
  note: '',
  recipe: { ...recipe, seed },
  dataset: 'd',
  datasetName: 'Shapes',
  // Apart unless a test says otherwise.
  fingerprint: id,
  executor: 'webgpu',
  adapter: '',
  createdAt: 0,
  updatedAt: 0,
  state: 'finished',
  step: 10,
  last: {},
  checkpoints: [],
  ...more,
});
const view = (more: Partial<RunsView> = {}): RunsView => ({
  layout: 'list',
  sort: { column: 'created', down: true },
  query: '',
  tags: [],
  open: [],
  folded: [],
  ...more,
});
const shown = (list: RunSummary[], more: Partial<RunsView>) =>
  arrange(list, view(more)).map((one) =>
    one.kind === 'run' ? `${'  '.repeat(one.depth)}${one.run.id}` : `[${one.runs.map(({ id }) => id)}]`,
  );

test('every word and every tag must be there, whatever the case', () => {
  const list = [
    run('a', { note: 'Try the Large rate', tags: ['good', 'paper'] }),
    run('b', { tags: ['good'] }),
    run('c', { datasetName: 'large shapes' }),
  ];
  expect(shown(list, { query: 'large' })).toEqual(['a', 'c']);
  expect(shown(list, { query: 'LARGE rate' })).toEqual(['a']);
  expect(shown(list, { tags: ['good'] })).toEqual(['a', 'b']);
  expect(shown(list, { tags: ['good', 'paper'] })).toEqual(['a']);
  expect(shown(list, { query: 'paper' })).toEqual(['a']);
});

test('sorted by any column, what is not measured last either way', () => {
  const list = [
    run('none'),
    run('low', { last: { loss: 1, 'val.r1': 0.2 }, createdAt: 3 }),
    run('high', { last: { loss: 2, 'val.r1': 0.9 }, createdAt: 1 }),
  ];
  const by = (column: RunsView['sort']['column'], down: boolean) => shown(list, { sort: { column, down } });
  expect(by('loss', false)).toEqual(['low', 'high', 'none']);
  expect(by('loss', true)).toEqual(['high', 'low', 'none']);
  expect(by('score', true)).toEqual(['high', 'low', 'none']);
  expect(by('name', false)).toEqual(['high', 'low', 'none']);
  expect(by('created', false)).toEqual(['none', 'high', 'low']);
});

test('seeds as one row that opens, sorted by their mean', () => {
  const same = (id: string, seed: number, loss: number) =>
    run(id, { fingerprint: 'same', last: { loss } }, seed);
  const list = [same('s0', 0, 1), run('other', { last: { loss: 2 } }), same('s1', 1, 4)];
  const more = { layout: 'seeds', sort: { column: 'loss', down: false } } as const;
  expect(shown(list, more)).toEqual(['other', '[s0,s1]']);
  const [, group] = arrange(list, view(more));
  const open = group.kind === 'group' ? [group.key] : [];
  expect(shown(list, { ...more, open })).toEqual(['other', '[s0,s1]', '  s0', '  s1']);
});

test('a group counts those that are finished, or all while none is', () => {
  const list = [
    run('a', { last: { loss: 1 } }),
    run('b', { last: { loss: 3 } }),
    run('c', { last: { loss: 100 }, state: 'paused' }),
  ];
  const loss = (one: RunSummary) => one.last['loss'];
  expect(groupStatistics(list, loss)).toEqual({ mean: 2, deviation: Math.SQRT2, count: 2 });
  expect(groupStatistics([list[2]], loss)).toEqual({ mean: 100, deviation: 0, count: 1 });
  expect(groupStatistics([run('d')], loss)).toBeUndefined();
});

test('the tree: branches under their run, folded away, orphans at the root, none lost in a circle', () => {
  const from = (id: string, step = 5) => ({ parent: { run: id, step, name: id } });
  const list = [
    run('grandchild', { ...from('child'), createdAt: 3 }),
    run('child', { ...from('root'), createdAt: 2 }),
    run('second', { ...from('root'), createdAt: 4 }),
    run('root', { createdAt: 1 }),
    run('orphan', { ...from('deleted'), createdAt: 9 }),
  ];
  const tree = { layout: 'tree', sort: { column: 'created', down: true } } as const;
  expect(shown(list, tree)).toEqual(['orphan', 'root', '  second', '  child', '    grandchild']);
  expect(shown(list, { ...tree, folded: ['root'] })).toEqual(['orphan', 'root']);
  expect(shown(list, { ...tree, folded: ['child'] })).toEqual(['orphan', 'root', '  second', '  child']);
  // A filter that hides the parent leaves the branch at the root.
  expect(shown(list, { ...tree, query: 'grandchild' })).toEqual(['grandchild']);
  const circle = [run('x', from('y')), run('y', from('x'))];
  expect(shown(circle, tree)).toEqual(['x', '  y']);
});
