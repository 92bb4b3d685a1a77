/** When a film's picture and sound begin and end, read from its container alone, under Node too. */
import type { InputAudioTrack, InputVideoTrack } from 'mediabunny';
import { type ByteSource, handOver, memorySource, sourceOf } from '../sources/bytes.ts';
import type { SourceFile } from '../sources/tree.ts';
import { inTime, withMedia } from './open.ts';

/** Seconds on the file's clock. */
export interface Span {
  from: number;
  /** Exclusive. */
  to: number;
}

export interface FilmFacts {
  picture?: Span;
  sound?: Span;
}

const known = new WeakMap<SourceFile, Promise<FilmFacts>>();

type ReadFacts = (data: Blob | Uint8Array, file: string) => Promise<FilmFacts>;
let elsewhere: ReadFacts | undefined;

/** From now on containers are read by `read`: in a worker that can be ended, since a damaged one can hold up whoever reads it. */
export function readFactsBy(read: ReadFacts): void {
  elsewhere = read;
}

/** Read once per file, since a preview asks again with every option. @throws StudioError `film-decode`; what reading the file throws */
export function filmFacts(file: SourceFile): Promise<FilmFacts> {
  const facts = known.get(file) ?? readFacts(file);
  known.set(file, facts);
  return facts;
}

async function readFacts(file: SourceFile): Promise<FilmFacts> {
  if (elsewhere) return elsewhere(await handOver(file), file.path);
  return factsOf(file.source ?? (await memorySource(file)), file.path);
}

/** @throws StudioError `film-decode` */
export const factsIn: ReadFacts = (data, file) => factsOf(sourceOf(file, data), file);

function factsOf(source: ByteSource, file: string): Promise<FilmFacts> {
  return withMedia(source, file, 'film-decode', async ({ picture, sound }) => ({
    ...(picture && { picture: await spanOf(picture) }),
    ...(sound && { sound: await spanOf(sound) }),
  }));
}

/** What is to be shown or heard of a track: nothing before 0. Recorders that stream state no end, so it is looked for. */
async function spanOf(track: InputAudioTrack | InputVideoTrack): Promise<Span> {
  const from = await inTime(track.getFirstTimestamp());
  const to = (await inTime(track.getDurationFromMetadata())) ?? (await inTime(track.computeDuration()));
  return { from: Math.max(0, from), to };
}
