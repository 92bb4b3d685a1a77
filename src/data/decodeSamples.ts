/**
 * Decodes the pictures and sounds of samples, several at a time. What fails is listed with its sample and the rest goes on. The parts of one film
 * go together, in order of time, so that its decoder walks through it and does not seek for each.
 */
import { asStudioError, StudioError } from '../core/errors.ts';
import type { OnProgress, Skipped } from '../core/progress.ts';
import { decodeSound } from './audio/decode.ts';
import type { DatasetStore } from './dataset.ts';
import type { DecodePicture } from './image/decode.ts';
import { pictureSizeOf } from './image/header.ts';
import type { PictureOptions } from './image/resize.ts';
import { type DecodeFilm, decodeFilm } from './media/decode.ts';
import { draftInMemory, type PixelDraft } from './pixelDraft.ts';
import { createMeter } from './rate.ts';
import type { Sample } from './readers/reader.ts';
import { type KeptClip, keepClip } from './sounds.ts';
import { handOver } from './sources/bytes.ts';
import type { SourceFile } from './sources/tree.ts';

/** What is kept of a sound file. @throws StudioError `sound-decode` */
export type ListenTo = (data: Blob | Uint8Array, file: string) => Promise<KeptClip>;

export const listenTo: ListenTo = async (data, file) => keepClip(await decodeSound(data, file));

export interface DecodeTools {
  decode: DecodePicture;
  /** In this thread where not stated; so with `film`. */
  listen?: ListenTo;
  film?: DecodeFilm;
  /** Where pictures are put; in memory where not stated. */
  draft?: DatasetStore['draft'];
  /** Pictures decoded at a time; 4 where not stated. */
  parallel?: number;
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

const inMemory: DatasetStore['draft'] = async (count, bytes) => ({ pixels: draftInMemory(count, bytes) });

interface Decoded {
  /** Side of the pictures; 0 where no sample has one. */
  size: number;
  /** The pictures of all samples, zeros where one has none. Whoever takes them finishes or discards them. */
  pixels: PixelDraft;
  /** Of the set to be, where the pictures lie in a file of it. */
  id?: string;
  /** 1 where there is a picture. */
  pictured: Uint8Array;
  /** Width and height of each picture as it was, pixels; 0 where unknown, as of frames of films. */
  shown: Int32Array;
  clips: (KeptClip | undefined)[];
  failures: Skipped[][];
}

/** Parts of a film that are decoded in one go: enough to walk, few enough for progress, cancelling and several decoders at work. */
const together = 16;

/** @throws StudioError `cancelled`, `out-of-memory` */
export async function decodeSamples(
  samples: readonly Sample[],
  store: PictureOptions & { name: string },
  {
    decode,
    listen = listenTo,
    film = decodeFilm,
    draft = inMemory,
    parallel = 4,
    onProgress,
    signal,
  }: DecodeTools,
): Promise<Decoded> {
  const size = samples.some(({ source }) => source) ? store.size : 0;
  const bytes = size * size * 3;
  const { pixels, id } = await draft(samples.length, bytes);
  const pictured = new Uint8Array(samples.length);
  const shown = new Int32Array(2 * samples.length);
  const clips = new Array<KeptClip | undefined>(samples.length).fill(undefined);
  const failures: Skipped[][] = samples.map(() => []);
  const meter = createMeter('decode', samples.length, onProgress);
  const cancelled = () => {
    if (signal?.aborted) throw new StudioError('cancelled', { what: store.name });
  };
  const keep = (index: number, picture: Uint8Array) => {
    pixels.write(index, picture);
    pictured[index] = 1;
  };
  const attempt = async (indices: readonly number[], file: string, action: () => Promise<void>) => {
    try {
      await action();
    } catch (error) {
      const failure = asStudioError(error);
      if (failure.code === 'cancelled') throw failure;
      for (const index of indices) failures[index].push({ file, code: failure.code, params: failure.params });
    }
  };
  const decodeOne = async (index: number) => {
    const { source, box, sound, file } = samples[index];
    if (source)
      await attempt([index], file, async () => {
        const picture = await source.read();
        // Before it is decoded: the bytes may move to another worker.
        const { width, height } = box ?? pictureSizeOf(picture) ?? { width: 0, height: 0 };
        keep(index, await decode(picture, file, box ? { ...store, box } : store));
        shown.set([width, height], 2 * index);
      });
    if (sound)
      await attempt([index], sound.path, async () => {
        clips[index] = await listen(await handOver(sound), sound.path);
      });
  };
  // A film out of an archive is unpacked once for all its parts, and let go with the next one.
  let unpacked: { file: SourceFile; blob: Promise<Blob> } | undefined;
  const blobOf = (file: SourceFile) => {
    if (unpacked?.file !== file) unpacked = { file, blob: handOver(file).then(asBlob) };
    return unpacked.blob;
  };
  const decodeParts = (file: SourceFile, indices: readonly number[]) =>
    attempt(indices, file.path, async () => {
      const parts = indices.map((index) => {
        const { file, moment, span } = samples[index];
        return { file, moment, span };
      });
      const pieces = await film(await blobOf(file), file.path, parts, store);
      for (const [place, { pixels: picture, clip, failures: failed }] of pieces.entries()) {
        const index = indices[place];
        if (picture) keep(index, picture);
        clips[index] = clip;
        failures[index].push(...failed);
      }
    });

  const tasks = tasksOf(samples);
  let next = 0;
  const work = async () => {
    while (next < tasks.length) {
      cancelled();
      const { film, indices } = tasks[next++];
      if (film) await decodeParts(film, indices);
      else await decodeOne(indices[0]);
      for (const _ of indices) meter.advance();
    }
  };
  const workers = Array.from({ length: parallel }, work);
  try {
    await Promise.all(workers);
    cancelled();
  } catch (error) {
    // None may write any more.
    next = tasks.length;
    await Promise.allSettled(workers);
    await pixels.discard();
    throw error;
  }
  return { size, pixels, ...(id && { id }), pictured, shown, clips, failures };
}

const asBlob = (data: Blob | Uint8Array): Blob =>
  data instanceof Blob ? data : new Blob([Uint8Array.from(data)]);

interface Task {
  film?: SourceFile;
  indices: number[];
}

/** Each sample alone, and the parts of a film by stretches of time. */
function tasksOf(samples: readonly Sample[]): Task[] {
  const tasks: Task[] = [];
  const films = new Map<SourceFile, number[]>();
  for (const [index, { source, moment, sound, span }] of samples.entries()) {
    const film = moment !== undefined ? source : span && sound;
    if (!film) {
      tasks.push({ indices: [index] });
      continue;
    }
    const parts = films.get(film);
    if (parts) parts.push(index);
    else films.set(film, [index]);
  }
  const timeOf = (index: number) => samples[index].moment ?? samples[index].span?.from ?? 0;
  for (const [film, indices] of films) {
    indices.sort((a, b) => timeOf(a) - timeOf(b));
    for (let from = 0; from < indices.length; from += together)
      tasks.push({ film, indices: indices.slice(from, from + together) });
  }
  return tasks;
}
