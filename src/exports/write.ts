/** What page and command line do with an export: ask which fit a model, write one, check it. */
import { zipSync } from 'fflate';
import { StudioError } from '../core/errors.ts';
import type { ExportTarget, Written } from '../core/exporting.ts';
import { checkFields, defaults, type FieldValues } from '../core/fields.ts';
import type { ModelBundle } from '../interchange/bundle.ts';
import type { ExportDefinition, ExportFile, Working } from './definition.ts';
import { exporters } from './index.ts';

/** @throws StudioError `bad-argument` */
export async function exporterOf(type: string): Promise<ExportDefinition> {
  if (!Object.hasOwn(exporters, type))
    throw new StudioError('bad-argument', {
      argument: 'to',
      message: `“${type}” is not one of ${Object.keys(exporters).join(', ')}`,
    });
  return (await exporters[type]()).definition;
}

export const targetsOf = (bundle: ModelBundle): Promise<ExportTarget[]> =>
  Promise.all(
    Object.keys(exporters).map(async (type) => {
      const { title, summary, source, fields, unfit, use } = await exporterOf(type);
      const reason = unfit?.(bundle);
      return {
        type,
        title,
        summary,
        source,
        fields,
        ...(reason ? { unfit: reason } : { use: use(bundle, defaults(fields)) }),
      };
    }),
  );

/**
 * @param given values of its fields; what is absent takes its default
 * @throws StudioError `bad-argument`, `recipe-invalid` for a field, `export-unfit`, `cancelled`
 */
export async function writeExport(
  bundle: ModelBundle,
  type: string,
  given: FieldValues,
  working: Working,
  checks = true,
): Promise<Written & { files: ExportFile[] }> {
  const exporter = await exporterOf(type);
  const fields = checkFields(exporter.fields, given, type);
  const reason = exporter.unfit?.(bundle);
  if (reason) throw new StudioError('export-unfit', { format: exporter.title.en, message: reason.en });
  const files = await exporter.write(bundle, fields, working);
  working.signal.throwIfAborted();
  const checked = checks && exporter.check ? await exporter.check(files, bundle, fields, working) : [];
  working.signal.throwIfAborted();
  return { files, checked, use: exporter.use(bundle, fields) };
}

/** As one file: itself where it is alone, else a zip that is the same for the same files. */
export function packed(files: readonly ExportFile[], name: string): { name: string; bytes: Uint8Array } {
  const [first] = files;
  if (files.length === 1)
    return { name: `${name}${/\.\w+$/.exec(first.path)?.[0] ?? ''}`, bytes: first.bytes };
  // What is compressed or noise already stays as it is; the zip format's first day, in local time.
  const level = (path: string) => (/\.(safetensors|onnx|bin|png|zip)$/.test(path) ? 0 : 6);
  const zip = Object.fromEntries(
    files.map(({ path, bytes }) => [path, [bytes, { level: level(path) }] as [Uint8Array, { level: 0 | 6 }]]),
  );
  return { name: `${name}.zip`, bytes: zipSync(zip, { mtime: new Date(1980, 0, 1) }) };
}
