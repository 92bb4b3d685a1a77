/** `npm run export`: writes an exported model in another form, and tries what was written. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StudioError } from '../core/errors.ts';
import type { Field, FieldValue, FieldValues } from '../core/fields.ts';
import { exporters } from '../exports/index.ts';
import { exporterOf, packed, writeExport } from '../exports/write.ts';
import { type ModelBundle, readBundle } from '../interchange/bundle.ts';
import { readHubModel } from '../training/hubModel.ts';
import { packRun } from '../training/runZip.ts';
import { type ArgumentRules, type Arguments, parseArguments } from './arguments.ts';
import { hubFilesIn } from './hubFolder.ts';
import { runPoint } from './runFolder.ts';
import { onSignal } from './signals.ts';
import { note, progress, result } from './terminal.ts';

const types = Object.keys(exporters);

export const rules: ArgumentRules = {
  model: {
    value: 'zip|folder',
    help: 'an exported model, what --out of a training holds, or a folder of Hugging Face’s CLIP, ViT or BERT',
    required: true,
    positional: true,
  },
  to: {
    value: [...types, 'run'].join('|'),
    help: 'the form; run: the whole run of a folder',
    required: true,
  },
  out: {
    value: 'path',
    help: 'a new folder; or a file: .zip, and .html for one page',
    required: true,
  },
  set: { value: 'field=value', help: 'a field of the form; --set help lists them', many: true },
  unchecked: { help: 'write without trying what was written' },
};
export const summary = 'Writes an exported model for other programs, and tries it; one line of JSON.';

/** @throws StudioError `bad-argument` */
function readValue(field: Field, text: string): FieldValue {
  if (field.kind === 'integer' || field.kind === 'number') return Number(text);
  if (field.kind !== 'switch') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new StudioError('bad-argument', {
    argument: '--set',
    message: `${field.key} is true or false, not “${text}”`,
  });
}

function fieldsOf(fields: readonly Field[], given: readonly string[]): FieldValues {
  return Object.fromEntries(
    given.map((text) => {
      const [key, value = ''] = text.split(/=(.*)/s);
      const field = fields.find((one) => one.key === key);
      if (!field)
        throw new StudioError('bad-argument', {
          argument: '--set',
          message: `“${key}” is not one of ${fields.map((one) => one.key).join(', ') || 'none'}`,
        });
      return [key, readValue(field, value)];
    }),
  );
}

const isFile = (path: string) => /\.(zip|html)$/i.test(path);

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** The whole run of a folder, as one zip that the page opens. */
async function exportRun(given: Arguments, out: string): Promise<number> {
  if (!(await isFolder(given.one('model') ?? '')))
    throw new StudioError('bad-argument', {
      argument: '--model',
      message: 'a whole run is taken from the folder that a training wrote',
    });
  const { runs, run } = await runPoint(given, 'model');
  const { bytes } = await packRun(runs, run.id);
  if (!/\.zip$/i.test(out))
    throw new StudioError('bad-argument', { argument: '--out', message: 'a run is written as a .zip' });
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, bytes);
  result({ to: 'run', out, bytes: bytes.length, checkpoints: run.checkpoints.length });
  return 0;
}

/** The zip itself, the one in a folder that a training wrote, or a folder of Hugging Face's. */
async function bundleAt(path: string): Promise<ModelBundle> {
  const files = await hubFilesIn(path);
  if (files) return readHubModel(basename(resolve(path)), files);
  const file = (await isFolder(path)) ? join(path, 'model.zip') : path;
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new StudioError(
      'bad-argument',
      { argument: '--model', message: `${file} cannot be read` },
      { cause },
    );
  });
  return readBundle(basename(file), new Uint8Array(bytes));
}

export async function run(list: readonly string[]): Promise<number> {
  const given = parseArguments(list, rules);
  const type = given.one('to') ?? '';
  if (type === 'run') return exportRun(given, given.one('out') ?? '');
  const { fields } = await exporterOf(type);
  if (given.all('set').includes('help')) {
    for (const field of fields)
      if (field.kind !== 'run') note(`${field.key} = ${field.default}: ${field.help.en}`);
    return 0;
  }
  const path = given.one('model') ?? '';
  const out = given.one('out') ?? '';
  const bundle = await bundleAt(path);
  if (!isFile(out) && (await readdir(out).catch(() => [])).length > 0)
    throw new StudioError('bad-argument', { argument: '--out', message: `${out} holds something already` });
  const stop = new AbortController();
  const signals = onSignal(() => stop.abort(), 'stopping; nothing is written');
  try {
    const { files, checked } = await writeExport(
      bundle,
      type,
      fieldsOf(fields, given.all('set')),
      { signal: stop.signal, progress: ({ phase, done, total }) => progress(`${phase} ${done} / ${total}`) },
      !given.has('unchecked'),
    );
    const one = packed(files, basename(out).replace(/\.\w+$/, ''));
    const alone = isFile(out);
    for (const file of alone ? [{ path: '', bytes: one.bytes }] : files) {
      const to = join(out, file.path);
      await mkdir(dirname(to), { recursive: true });
      await writeFile(to, file.bytes);
    }
    for (const { name, passed, detail } of checked)
      note(`${passed ? 'passed' : 'FAILED'}  ${name.en}: ${detail.en}`);
    result({
      to: type,
      out,
      files: files.length,
      bytes: alone ? one.bytes.length : files.reduce((total, file) => total + file.bytes.length, 0),
      checks: checked.map(({ name, passed, detail }) => ({ name: name.en, passed, detail: detail.en })),
    });
    return checked.every(({ passed }) => passed) ? 0 : 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return signals.end() === 'SIGINT' ? 130 : 143;
  } finally {
    signals.end();
  }
}
