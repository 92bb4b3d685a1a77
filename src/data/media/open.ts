/**
 * Sound and film files opened by mediabunny, which reads their containers in parts; decoding is WebCodecs',
 * which browsers and their workers have and Node has not (plain PCM needs none).
 * Times are those of the file's own clock after its edit list: what lies before 0 is not to be shown or heard (decoders' lead-in, cut scenes).
 */
import type { AudioSample, Input, InputAudioTrack, InputVideoTrack, VideoSample } from 'mediabunny';
import { StudioError } from '../../core/errors.ts';
import type { ByteSource } from '../sources/bytes.ts';

export interface Media {
  input: Input;
  picture: InputVideoTrack | null;
  sound: InputAudioTrack | null;
}

export type MediaError = 'sound-decode' | 'film-decode';

/** Seconds without anything new after which a file counts as damaged. */
const patience = 20;

/**
 * Opens a file, hands it to `use`, and closes it whatever comes.
 * @param code of what is thrown where the file cannot be read
 * @throws StudioError `code`; what `use` throws
 */
export async function withMedia<T>(
  source: ByteSource,
  file: string,
  code: MediaError,
  use: (media: Media) => Promise<T>,
): Promise<T> {
  const { ALL_FORMATS, CustomSource, Input } = await import('mediabunny');
  const input = new Input({
    formats: ALL_FORMATS,
    source: new CustomSource({
      getSize: () => source.size,
      read: (start, end) => source.slice(start, end),
      prefetchProfile: 'fileSystem',
      // What is read ahead and fails is read again, and told, when it is wanted.
      handleUnhandledError: () => {},
    }),
  });
  try {
    // Of a file of a few bytes the library fails itself, and says nothing of use.
    if (!(await inTime(input.canRead().catch(() => false))))
      throw new Error('it is no sound or film that is known here');
    const [picture, sound] = await inTime(
      Promise.all([input.getPrimaryVideoTrack(), input.getPrimaryAudioTrack()]),
    );
    return await use({ input, picture, sound });
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const told = cause instanceof Error ? cause.message : String(cause);
    const message = /^Assertion failed/.test(told) ? 'it is damaged' : told;
    throw new StudioError(code, { file, message }, { cause });
  } finally {
    input.dispose();
  }
}

/** @throws Error where it takes too long: decoders have been seen to wait for ever on damaged files. */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came in ${patience} seconds`)), patience * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a sink gives, each in time and closed once `use` is done with it; ends where `use` says false. */
export async function forEachDecoded<S extends AudioSample | VideoSample | null>(
  samples: AsyncGenerator<S, void, unknown>,
  use: (sample: S) => boolean | undefined,
): Promise<void> {
  for (;;) {
    const { done, value } = await inTime(samples.next());
    if (done) return;
    let more: boolean | undefined;
    try {
      more = use(value);
    } finally {
      value?.close();
    }
    if (more === false) return void (await samples.return());
  }
}

/** @throws Error where a track cannot be decoded here, naming its codec */
export async function checkDecoder(track: InputAudioTrack | InputVideoTrack): Promise<void> {
  if (await inTime(track.canDecode())) return;
  const codec = (await track.getCodec()) ?? (await track.getInternalCodecId());
  const name = typeof codec === 'string' ? codec : 'what it holds';
  throw new Error(
    typeof AudioDecoder === 'undefined' && typeof VideoDecoder === 'undefined'
      ? `${name} is decoded by browsers only; open the data in the studio`
      : `this browser has no decoder for ${name}`,
  );
}
