/** The sound of a file between two times: decoded by WebCodecs, channels averaged, every sample in its place on the file's clock. */
import { type AudioSample, AudioSampleSink, type InputAudioTrack } from 'mediabunny';
import { resample } from '../audio/resample.ts';
import type { Clip } from '../audio/wav.ts';
import { checkDecoder, forEachDecoded, inTime } from './open.ts';

/** Seconds decoded before what is wanted: codecs lean on what came before (Opus 80 ms, RFC 7845; MP3 on its reservoir of a few frames). */
const leadIn = 0.2;
/** Seconds by which time stamps may be off, since some containers round them to milliseconds; beyond that there is a gap, which is silent. */
const slack = 0.03;

/**
 * @param from seconds on the file's clock, at least 0
 * @param to exclusive; the clip is shorter where the sound ends earlier
 * @throws Error where nothing can be decoded
 */
export async function decodeSpan(track: InputAudioTrack, from: number, to: number): Promise<Clip> {
  await checkDecoder(track);
  const first = await inTime(track.getFirstTimestamp());
  const samples = new AudioSampleSink(track).samples(Math.max(first, from - leadIn), to);
  let rate = 0;
  let clip = new Float32Array(0);
  /** Where the next sample is due, and how much of the clip is settled. */
  let due: number | undefined;
  let end = 0;
  await forEachDecoded(samples, (sample) => {
    if (rate === 0) {
      rate = sample.sampleRate;
      clip = new Float32Array(Math.max(1, Math.round((to - from) * rate)));
    }
    const part = resample(monoOf(sample), sample.sampleRate, rate);
    const stated = Math.round((sample.timestamp - from) * rate);
    const place = due !== undefined && Math.abs(stated - due) <= slack * rate ? due : stated;
    due = place + part.length;
    const known = Math.max(0, end - place);
    const at = place + known;
    if (known < part.length && at < clip.length) clip.set(part.subarray(known, known + clip.length - at), at);
    end = Math.max(end, Math.min(clip.length, due));
    return end < clip.length;
  });
  // Decoders give whole packets; where the sound ends inside the last one its container says (RFC 7845, end trimming).
  if (end > 0 && end < clip.length)
    end = Math.min(end, Math.round(((await inTime(track.computeDuration())) - from) * rate));
  if (end <= 0) throw new Error(`there is no sound from second ${from.toFixed(2)} to ${to.toFixed(2)}`);
  return { rate, samples: clip.slice(0, end) };
}

function monoOf(sample: AudioSample): Float32Array {
  const { numberOfChannels: channels, numberOfFrames: frames } = sample;
  const mono = new Float32Array(frames);
  // Browsers divide whole numbers above 0 by 32767 on the way to floats, so 16 bits are taken as they are.
  const whole = sample.format.startsWith('s16');
  const plane = whole ? new Int16Array(frames) : new Float32Array(frames);
  const share = 1 / (channels * (whole ? 32768 : 1));
  for (let channel = 0; channel < channels; channel++) {
    sample.copyTo(plane, { planeIndex: channel, format: whole ? 's16-planar' : 'f32-planar' });
    for (let i = 0; i < frames; i++) mono[i] += plane[i] * share;
  }
  return mono;
}
