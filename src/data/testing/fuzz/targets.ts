/** What is fuzzed: every reader over a real layout, every kind of archive and table, and the parsers of headers, sounds, subtitles, tokenizers and weights. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors } from '../../../interchange/safetensors.ts';
import { decodeWav } from '../../audio/wav.ts';
import { parseCard } from '../../card.ts';
import { decodeBmp } from '../../image/bmp.ts';
import { checkHeader, pictureSizeOf, pictureTypeOf } from '../../image/header.ts';
import { parseCaptions } from '../../media/captions.ts';
import { readers } from '../../readers/index.ts';
import type { Reader } from '../../readers/reader.ts';
import { blobSource } from '../../sources/bytes.ts';
import { openDropped } from '../../sources/open.ts';
import { openParquet } from '../../sources/parquet.ts';
import { decodeText } from '../../sources/text.ts';
import { loadTokenizer } from '../../text/tokenizer.ts';
import { sharedData } from '../shared.ts';

type Files = Record<string, Uint8Array<ArrayBuffer>>;

export interface Target {
  name: string;
  /** The real files; made when it is run. */
  files(): Files | Promise<Files>;
  /** Of which each case damages one; all where not stated. */
  damages?: RegExp;
  /** Each case damages one file and gives this one alone, where true. */
  alone?: boolean;
  run(files: Files): unknown;
}

const bytesOf = (path: string) => Uint8Array.from(readFileSync(path));

/** All files of a shared folder, or one file, by path. */
function shared(...paths: string[]): () => Files {
  return () => {
    const files: Files = {};
    const add = (full: string, path: string) => {
      if (statSync(full).isDirectory())
        for (const name of readdirSync(full)) add(join(full, name), path === '' ? name : `${path}/${name}`);
      else files[path] = bytesOf(full);
    };
    for (const path of paths) {
      const full = sharedData(path);
      add(full, statSync(full).isDirectory() ? '' : path.slice(path.lastIndexOf('/') + 1));
    }
    return files;
  };
}

const treeOf = (files: Files) =>
  openDropped(Object.entries(files).map(([path, bytes]) => ({ path, file: new Blob([bytes]) })));

/** A failure of our own that a reader lists is as bad as one that it throws. */
function checkSkipped(skipped: readonly { code: string; params: unknown }[]): void {
  const bad = skipped.find(({ code }) => code === 'internal');
  if (bad) throw new Error(`listed as internal: ${JSON.stringify(bad.params)}`);
}

async function readWith(reader: Reader, files: Files): Promise<void> {
  const tree = await treeOf(files);
  checkSkipped(tree.skipped);
  const found = await reader.detect(tree);
  const { skipped } = await reader.read(tree, found?.options ?? {});
  checkSkipped(skipped);
}

const text = (words: string) => new TextEncoder().encode(words);

const easyVqa = (): Files => ({
  'questions.json': text('[["what shape is it?","circle",0],["is it red?","no",1]]'),
  'answers.txt': text('circle\nno\n'),
  'images/0.png': bytesOf(sharedData('images-tricky/made/one-pixel.png')),
  'images/1.png': bytesOf(sharedData('images-tricky/made/one-pixel.png')),
});

const card = (): Files => ({
  'README.md': text(
    '---\namalgam:\n  form: imagefolder\n  size: 8\n  columns: {name: original_name, image: file_name, captions: text}\n  table: {columns: [x], steps: 1, cells: [x]}\n  target: {column: label, name: label, kind: class, classes: [a, b]}\n---\n',
  ),
  'train/metadata.jsonl': text(
    '{"file_name":"1.png","text":"one","x":1.0,"label":"a","original_name":"1"}\n{"file_name":"2.png","text":"two","x":2.0,"label":"b","original_name":"2"}\n',
  ),
  'train/1.png': bytesOf(sharedData('images-tricky/made/one-pixel.png')),
  'train/2.png': bytesOf(sharedData('images-tricky/made/one-pixel.png')),
});

const film = (): Files => ({
  'a.mov': bytesOf(sharedData('media-samples/test_video_66x50.mov')),
  'a.srt': text('1\n00:00:00,100 --> 00:00:00,400\nhello\n\n2\n00:00:00,500 --> 00:00:00,900\n<i>you</i>\n'),
  'a.de.vtt': text('WEBVTT\n\n00:00.100 --> 00:00.400 line:1\nhallo\n'),
  'b.mp3': bytesOf(sharedData('media-samples/test_audio_16000.mp3')),
  'b.srt': text('1\n00:00:00,100 --> 00:00:00,400\nhello\n'),
});

/** A real layout for every reader; one that is missing here is an error. */
const layouts: Record<string, Pick<Target, 'files' | 'damages'>> = {
  card: { files: card, damages: /md|jsonl/ },
  'coco-captions': { files: shared('layouts/coco-captions'), damages: /json/ },
  'karpathy-json': { files: shared('layouts/karpathy-json'), damages: /json/ },
  'flickr-captions': { files: shared('layouts/flickr8k-captions-txt'), damages: /txt/ },
  'flickr-token': { files: shared('layouts/flickr8k-token-txt'), damages: /txt/ },
  'imagefolder-csv': { files: shared('layouts/hf-imagefolder-csv'), damages: /csv/ },
  'imagefolder-jsonl': { files: shared('layouts/hf-imagefolder-jsonl'), damages: /jsonl/ },
  'sidecar-txt': { files: shared('layouts/sidecar-txt'), damages: /txt/ },
  'openclip-csv': { files: shared('layouts/openclip-csv'), damages: /csv/ },
  'class-folders': { files: shared('layouts/class-folders') },
  'mixed-table': { files: shared('layouts/audio-layouts/audiofolder'), damages: /csv|jsonl/ },
  'easy-vqa': { files: easyVqa, damages: /json|txt/ },
  'vqa-json': { files: shared('layouts/vqa-v2'), damages: /json/ },
  'llava-json': { files: shared('layouts/llava-json'), damages: /json/ },
  'parallel-text': { files: shared('layouts/parallel-text'), damages: /txt|captions/ },
  parquet: { files: shared('layouts/hf-parquet/data') },
  'table-json': { files: shared('layouts/real-samples/TextCaps_0.1_val.sample100.json') },
  ljspeech: { files: shared('layouts/audio-layouts/ljspeech'), damages: /csv/ },
  'regions-json': { files: shared('layouts/real-samples/region_descriptions.sample.json') },
  'webdataset-cls': { files: shared('layouts/real-samples/webdataset-sample.tgz') },
  'film-captions': { files: film },
};

const readerTargets = readers.map((reader): Target => {
  const layout = layouts[reader.id];
  if (!layout) throw new Error(`no files to fuzz the reader ${reader.id} with`);
  return { name: `reader ${reader.id}`, ...layout, run: (files) => readWith(reader, files) };
});

async function openAll(files: Files): Promise<void> {
  const tree = await treeOf(files);
  checkSkipped(tree.skipped);
  for (const file of tree.files.slice(0, 40)) {
    try {
      await file.read();
    } catch (error) {
      // One that fails is an outcome; that it is ours is checked by whoever reads it last.
      if (!(error instanceof Error) || error.name !== 'StudioError') throw error;
    }
  }
}

const parser = (
  name: string,
  files: Target['files'],
  parse: (bytes: Uint8Array<ArrayBuffer>, path: string) => unknown,
): Target => ({
  name,
  files,
  alone: true,
  run: async (given) => {
    for (const [path, bytes] of Object.entries(given)) await parse(bytes, path);
  },
});

const archive = (name: string, ...paths: string[]): Target => ({
  name,
  files: shared(...paths),
  alone: true,
  run: openAll,
});

const pick = (files: Files, wanted: RegExp): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => wanted.test(path)));

const jsonOf = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(decodeText(bytes));
  } catch {
    // Whoever opens the file says so.
    return undefined;
  }
};

export const targets: Target[] = [
  ...readerTargets,
  archive(
    'zip',
    'layouts/messy.zip',
    'layouts/sidecar-txt.zip',
    'archives-tricky/zip-slip-unix.zip',
    'archives-tricky/macos.zip',
  ),
  archive('tar', 'layouts/webdataset-tar/00000.tar', 'archives-tricky/slip-and-links.tar'),
  archive('tar.gz', 'layouts/webdataset-tgz-nested/shard-000000.tar.gz'),
  parser(
    'parquet',
    () => pick(shared('parquet')(), /\.parquet$/),
    async (bytes, path) => {
      const { media } = await openParquet(path, blobSource(path, new Blob([bytes])));
      for (const file of media.slice(0, 4)) await file.read();
    },
  ),
  parser(
    'headers of pictures',
    () => ({
      ...shared('images-tricky/made')(),
      ...shared('images-tricky/image-rs')(),
      ...pick(shared('images-tricky/exif-orientation')(), /_[1-4]/),
    }),
    (bytes, path) => {
      pictureTypeOf(bytes);
      pictureSizeOf(bytes);
      checkHeader(bytes, path);
    },
  ),
  parser(
    'bmp',
    () => pick(shared('images-tricky/image-rs')(), /\.bmp$/),
    (bytes, path) => {
      checkHeader(bytes, path);
      try {
        decodeBmp(bytes);
      } catch (error) {
        // Its own words, which the importer wraps.
        if (!(error instanceof Error) || error.constructor !== Error) throw error;
      }
    },
  ),
  parser(
    'wav',
    () => pick(shared('layouts/audio-layouts/ljspeech')(), /\.wav$/),
    (bytes, path) => decodeWav(bytes, path, 60),
  ),
  parser(
    'subtitles',
    () => pick(film(), /srt|vtt/),
    (bytes) => parseCaptions(decodeText(bytes)),
  ),
  parser(
    'card of a data set',
    () => pick(card(), /md$/),
    (bytes) => parseCard(decodeText(bytes)),
  ),
  parser(
    'tokenizer.json',
    () =>
      pick(
        shared('references/tokenizers/wordpiece-1200-pad16', 'references/tokenizers/byte-bpe-1000')(),
        /tokenizer\.json$/,
      ),
    (bytes) => loadTokenizer(jsonOf(bytes)).encode('a small red circle, naïve 🦊', 16),
  ),
  parser('safetensors', shared('references/safetensors/good'), (bytes, path) => readSafetensors(bytes, path)),
];
