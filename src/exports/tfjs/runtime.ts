/** `tf.loadGraphModel` from memory, as a page would from a server. On the plain processor backend: it is everywhere, and right to the last digits. */
import type { Run } from '../check.ts';

/**
 * @param files `model.json` and its shards by file name
 * @param backend one that has been registered
 */
export async function openTfjs(files: ReadonlyMap<string, Uint8Array>, backend = 'cpu'): Promise<Run> {
  const tf = await import('@tensorflow/tfjs');
  await tf.setBackend(backend);
  const read = (name: string): Uint8Array => {
    const bytes = files.get(name);
    if (!bytes) throw new Error(`${name} is missing`);
    return bytes;
  };
  const fetched = async (path: string | URL | Request) => {
    const name = String(path).split('/').at(-1) ?? '';
    const type = name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
    return new Response(new Uint8Array(read(name)), { headers: { 'Content-Type': type } });
  };
  // The loader's own path through model.json and its shards, but for the network.
  const model = await tf.loadGraphModel(tf.io.http('memory/model.json', { fetchFunc: fetched }));
  return async (inputs, wanted) => {
    const feeds = Object.fromEntries(
      [...inputs].map(([name, { shape, values }]) => [
        name,
        tf.tensor(values, shape, values instanceof Int32Array ? 'int32' : 'float32'),
      ]),
    );
    const out = model.execute(feeds, [...wanted]);
    const results = Array.isArray(out) ? out : [out];
    const values = await Promise.all(results.map((result) => result.data()));
    const answers = new Map(
      wanted.map((name, k) => [name, { shape: results[k].shape, values: values[k] }] as const),
    );
    tf.dispose([feeds, results]);
    return answers;
  };
}
