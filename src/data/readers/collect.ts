/**
 * Gathers pairs into samples, the same way for every reader: captions of one picture come together, are trimmed and
 * never repeat, and whatever cannot be used is listed with its place.
 */
import type { Skipped } from '../../core/progress.ts';
import type { Split } from '../dataset.ts';
import type { SourceFile } from '../sources/tree.ts';
import type { ReadResult, Sample } from './reader.ts';

interface Collector {
  /** @param place file and line of the pair, `metadata.csv:12` */
  add(
    picture: SourceFile,
    name: string,
    caption: string,
    split: Split | undefined,
    place: string,
    origin?: string,
  ): void;
  missing(file: string, place: string): void;
  empty(file: string, place: string): void;
  malformed(place: string, message: string): void;
  /** Pictures that nothing spoke of; a long list is cut, since a table may describe a part of a large folder. */
  finish(pictures?: readonly SourceFile[], place?: string): ReadResult;
}

const listedOrphans = 20;

export function createCollector(): Collector {
  const samples = new Map<string, Sample>();
  const touched = new Set<string>();
  const skipped: Skipped[] = [];
  const skip = (file: string, code: Skipped['code'], params: Skipped['params']) =>
    skipped.push({ file, code, params });
  const collector: Collector = {
    add(picture, name, text, split, place, origin) {
      touched.add(picture.path);
      const caption = text.trim();
      if (caption === '') return collector.empty(name, place);
      const sample = samples.get(picture.path);
      if (!sample) {
        samples.set(picture.path, {
          source: picture,
          file: name,
          captions: [caption],
          split,
          ...(origin && { origin }),
        });
      } else if (sample.captions.includes(caption)) {
        collector.malformed(place, `“${name}” has this caption already`);
      } else {
        sample.captions.push(caption);
        sample.split ??= split;
      }
    },
    missing: (file, place) => skip(file, 'file-missing', { file, place }),
    empty(file, place) {
      skip(file, 'caption-empty', { file, place });
    },
    malformed: (place, message) => skip(place, 'row-malformed', { place, message }),
    finish(pictures = [], place = '') {
      const orphans = pictures.filter((picture) => !touched.has(picture.path));
      for (const orphan of orphans.slice(0, listedOrphans)) collector.empty(orphan.path, place);
      if (orphans.length > listedOrphans)
        collector.empty(`${orphans.length - listedOrphans} more pictures`, place);
      return { samples: settle([...samples.values()]), skipped };
    },
  };
  return collector;
}

/**
 * Names made unique, and the statement of splits dropped where it separates nothing: a lone `val2017` folder is
 * where the files came from, not a wish to train on nothing, and one `train.csv` alone leaves nothing to validate on.
 */
export function settle(samples: readonly Sample[]): Sample[] {
  const names = new Map<string, number>();
  for (const sample of samples) names.set(sample.file, (names.get(sample.file) ?? 0) + 1);
  const count = (split: Split | undefined) => samples.filter((sample) => sample.split === split).length;
  const alike = samples.every(({ split }) => split === samples[0].split);
  const separates = !alike && (count('train') > 0 || count(undefined) > samples.length / 2);
  return samples.map(({ split, ...sample }) => ({
    ...sample,
    file: names.get(sample.file) === 1 ? sample.file : (sample.source?.path ?? sample.file),
    ...(separates && split ? { split } : {}),
  }));
}
