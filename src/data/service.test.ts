import { describe, expect, it } from 'vitest';
import { decodeInNode } from './image/decode.node.ts';
import { createDataService } from './service.ts';
import { createMemoryStore } from './store.memory.ts';
import { defineBuiltIn } from './synthetic/builtIn.ts';
import { countField, fifth, seedField } from './synthetic/fields.ts';
import { bmp } from './testing/memory.ts';

function build() {
  let made = 0;
  const dots = defineBuiltIn({
    name: 'dots',
    title: { en: 'Dots', zh: '点' },
    summary: { en: 'Dots.', zh: '点。' },
    modalities: ['image', 'text'],
    fields: [countField(2, fifth, { min: 1 }), seedField],
    async draw({ options: { count } }) {
      made++;
      return {
        size: 2,
        pixels: Uint8Array.from({ length: count * 12 }, (_, i) => i),
        captions: Array.from({ length: count }, (_, i) => [`dot number ${i}`]),
        stated: Array.from({ length: count }, (_, i) => (i === 0 ? 'train' : 'validation')),
      };
    },
  });
  const service = createDataService({ store: createMemoryStore(), builtIns: [dots] });
  return { service, made: () => made };
}

const dropped = [
  { path: 'pets/cat/1.bmp', file: new Blob([new Uint8Array(bmp(4, 4, [255, 0, 0]))]) },
  { path: 'pets/dog/2.bmp', file: new Blob([new Uint8Array(bmp(4, 4, [0, 0, 255]))]) },
];

describe('data service', () => {
  it('goes from dropped files to a table with pictures', async () => {
    const { service } = build();
    const [plan] = await service.plan(dropped);
    expect(plan).toMatchObject({ name: 'pets', files: 2, guesses: [{ reader: 'class-folders' }] });
    const { reader, options } = plan.guesses[0];
    expect(await service.preview(plan.id, reader, options)).toMatchObject({ images: 2, pairs: 2 });
    const how = { name: 'Pets', size: 4, fit: 'crop', background: '#ffffff' } as const;
    const summary = await service.importPlans([{ plan: plan.id, reader, options }], how, {
      decode: decodeInNode,
    });
    expect(summary).toMatchObject({ name: 'Pets', images: 2, source: 'class-folders' });
    expect(await service.list()).toEqual([summary]);

    const found = await service.samples(summary.id, { offset: 0, limit: 10, query: ' DOG' });
    expect(found).toMatchObject({ total: 1, samples: [{ index: 1, file: 'dog/2.bmp', captions: ['dog'] }] });
    const { pixels } = await service.thumbnails(summary.id, [1, 0, 99], 2);
    expect([pixels.length, ...pixels.slice(0, 3), ...pixels.slice(12, 15), pixels[24]]).toEqual([
      36, 0, 0, 255, 255, 0, 0, 0,
    ]);

    service.forget(plan.id);
    await expect(service.preview(plan.id, reader, options)).rejects.toMatchObject({
      code: 'dataset-missing',
    });
    await service.rename(summary.id, ' Animals ');
    expect((await service.list())[0].name).toBe('Animals');
    await service.remove(summary.id);
    await expect(service.samples(summary.id, { offset: 0, limit: 1 })).rejects.toMatchObject({
      code: 'dataset-missing',
    });
  });

  it('makes one set of several sources, each read in its own way', async () => {
    const { service } = build();
    const table = 'file_name,text\n1.bmp,a green square\n';
    const files = [
      ...dropped,
      { path: 'more/1.bmp', file: new Blob([new Uint8Array(bmp(4, 4, [0, 255, 0]))]) },
      { path: 'more/metadata.csv', file: new Blob([table]) },
    ];
    const plans = await service.plan(files);
    expect(plans.map(({ name, guesses: [{ reader }] }) => [name, reader])).toEqual([
      ['pets', 'class-folders'],
      ['more', 'imagefolder-csv'],
    ]);
    const choices = plans.map(({ id, guesses: [{ reader, options }] }) => ({ plan: id, reader, options }));
    expect(await service.previewAll(choices)).toMatchObject({ images: 3, pairs: 3 });
    const how = { name: 'Both', size: 4, fit: 'crop', background: '#ffffff' } as const;
    const summary = await service.importPlans(choices, how, { decode: decodeInNode });
    expect(summary).toMatchObject({ images: 3, source: 'class-folders + imagefolder-csv' });
    const { samples } = await service.samples(summary.id, { offset: 0, limit: 5 });
    expect(samples.map(({ file }) => file)).toEqual(['pets/cat/1.bmp', 'pets/dog/2.bmp', 'more/1.bmp']);
    expect((await service.plan(files, { together: true })).length).toBe(1);
  });

  it('keeps together what belongs together', async () => {
    const { service } = build();
    const picture = () => new Blob([new Uint8Array(bmp(4, 4, [0, 255, 0]))]);
    const metadata = () => new Blob(['file_name,text\n1.bmp,a green square\n']);
    const sets = [
      // Splits, shards by number, a table and its pictures, classes.
      {
        'train/1.bmp': picture(),
        'train/metadata.csv': metadata(),
        'val/1.bmp': picture(),
        'val/metadata.csv': metadata(),
      },
      {
        'shard-1/1.bmp': picture(),
        'shard-1/metadata.csv': metadata(),
        'shard-2/1.bmp': picture(),
        'shard-2/metadata.csv': metadata(),
      },
      { 'list.csv': metadata(), 'pictures/1.bmp': picture() },
      { 'cat/1.bmp': picture(), 'dog/2.bmp': picture() },
    ];
    for (const set of sets) {
      const plans = await service.plan(Object.entries(set).map(([path, file]) => ({ path, file })));
      expect([Object.keys(set)[0], plans.length]).toEqual([Object.keys(set)[0], 1]);
    }
  });

  it('makes a built-in set once for the same options', async () => {
    const { service, made } = build();
    expect(service.builtIns()).toMatchObject([{ name: 'dots', id: 'dots-2-0', title: { en: 'Dots' } }]);
    const first = await service.generate('dots', {});
    expect(await service.generate('dots', {})).toEqual(first);
    expect(made()).toBe(1);
    expect((await service.generate('dots', { count: 3 })).images).toBe(3);
    expect(
      (await service.samples('dots-3-0', { offset: 1, limit: 5, split: 'validation' })).samples.length,
    ).toBe(1);
    await expect(service.generate('lines', {})).rejects.toMatchObject({ code: 'bad-argument' });
  });
});
