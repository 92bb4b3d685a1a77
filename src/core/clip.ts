/** A sound file as the models take it: one channel of 16-bit numbers, decoded by the browser. */
import { StudioError } from './errors.ts';

export interface Clip {
  rate: number;
  /** Mono, −32768 … 32767. */
  samples: Int16Array;
}

/** Seconds of a recording at most, and of a file that are read. */
export const longest = 10;

/** Mean of all channels. @throws StudioError `sound-decode` */
export async function clipOf(name: string, blob: Blob): Promise<Clip> {
  const context = new AudioContext();
  try {
    const buffer = await context.decodeAudioData(await blob.arrayBuffer()).catch((cause: unknown) => {
      throw new StudioError('sound-decode', { file: name, message: 'the browser cannot read it' }, { cause });
    });
    const length = Math.min(buffer.length, longest * buffer.sampleRate);
    const mean = new Float32Array(length);
    for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
      const values = buffer.getChannelData(channel);
      for (let i = 0; i < length; i++) mean[i] += values[i] / buffer.numberOfChannels;
    }
    return { rate: buffer.sampleRate, samples: toWhole(mean) };
  } finally {
    await context.close();
  }
}

/** −1 … 1 as 16-bit numbers. */
export const toWhole = (samples: Float32Array): Int16Array =>
  Int16Array.from(samples, (value) => Math.max(-32768, Math.min(32767, Math.round(value * 32768))));
