/** `npm run data -- edit`: changes captions and leaves samples out, as on the page; prints what goes into a recipe, or writes the changed set out. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { Cleaning } from '../core/cleaning.ts';
import { baseOf, type Edits, editFrom } from '../core/edits.ts';
import { StudioError } from '../core/errors.ts';
import { isEdited } from '../data/browse.ts';
import type { Dataset } from '../data/dataset.ts';
import { withEdits } from '../data/edits.ts';
import type { Arguments } from './arguments.ts';
import { result } from './terminal.ts';

const changesSchema = v.array(
  v.pipe(
    v.strictObject({
      /** The sample, by its file or its index. */
      file: v.optional(v.string()),
      sample: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
      /** All its captions after the change. */
      captions: v.optional(v.array(v.pipe(v.string(), v.trim(), v.minLength(1)))),
      exclude: v.optional(v.boolean()),
    }),
    v.check(
      ({ file, sample }) => (file === undefined) !== (sample === undefined),
      'it needs `file` or `sample`',
    ),
  ),
);

/** @returns the exit code @throws StudioError `bad-argument` naming the change */
export async function editData(dataset: Dataset, given: Arguments): Promise<number> {
  const { edits, hand } = await readChanges(dataset, given.one('changes'));
  const edited = withEdits(dataset, edits);
  const changed = { ...edited, ...(hand.out.length > 0 && { dropped: Int32Array.from(hand.out) }) };
  if (given.has('export')) {
    const { exportData } = await import('./exportData.ts');
    return exportData(changed, given);
  }
  const cleaning: Cleaning = { rules: [], hand };
  result({
    samples: edited.files.length,
    edited: edited.files.filter((_, index) => isEdited(edited, index)).length,
    excluded: hand.out.length,
    fingerprint: edited.fingerprint,
    // As a recipe has them in `data`.
    edits,
    ...(hand.out.length > 0 && { cleaning }),
  });
  return 0;
}

async function readChanges(
  dataset: Dataset,
  path: string | undefined,
): Promise<{ edits: Edits; hand: NonNullable<Cleaning['hand']> }> {
  const fail = (message: string, cause?: unknown) =>
    new StudioError('bad-argument', { argument: '--changes', message }, { cause });
  if (path === undefined) throw fail('it names the file of changes');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail(`${path} cannot be read`, cause);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw fail(`${path} is not JSON`, cause);
  }
  const read = v.safeParse(changesSchema, json);
  if (!read.success) {
    const [issue] = read.issues;
    throw fail(`${path}: ${v.getDotPath(issue) ?? 'the list'}: ${issue.message}`);
  }
  const fingerprint = baseOf(dataset);
  const captions: Edits['captions'] = {};
  const out = new Set<number>();
  for (const [place, change] of read.output.entries()) {
    const sample = change.sample ?? dataset.files.indexOf(change.file ?? '');
    if (sample < 0 || sample >= dataset.files.length)
      throw fail(`change ${place + 1}: there is no sample “${change.file ?? change.sample}”`);
    const edit = change.captions && editFrom(dataset.captions[sample], change.captions);
    if (edit) captions[sample] = edit;
    else if (change.captions) delete captions[sample];
    if (change.exclude !== undefined) out[change.exclude ? 'add' : 'delete'](sample);
  }
  const sorted = [...out].sort((a, b) => a - b);
  return { edits: { fingerprint, captions }, hand: { fingerprint, back: [], out: sorted } };
}
