/** Pictures and sounds that a person brings: files, and the microphone. */
import { StudioError } from '../../../core/errors.ts';

export interface Picture {
  /** RGB, size × size × 3. */
  pixels: Uint8Array;
  size: number;
}
export interface Clip {
  rate: number;
  /** Mono, −32768 … 32767. */
  samples: Int16Array;
}

const side = 224;
/** Seconds of a recording at most, and of a file that are read. */
export const longest = 10;

const unreadable = (code: 'image-decode' | 'sound-decode', file: string, cause: unknown) =>
  new StudioError(code, { file, message: 'the browser cannot read it' }, { cause });

/** Centre square of a picture file on white. @throws StudioError `image-decode` */
export async function squareOf(file: File): Promise<Picture> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw unreadable('image-decode', file.name, cause);
  });
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, side, side);
  const edge = Math.min(bitmap.width, bitmap.height);
  const [x, y] = [(bitmap.width - edge) / 2, (bitmap.height - edge) / 2];
  context.drawImage(bitmap, x, y, edge, edge, 0, 0, side, side);
  bitmap.close();
  const { data } = context.getImageData(0, 0, side, side);
  const pixels = new Uint8Array(side * side * 3);
  for (let i = 0; i < side * side; i++) pixels.set(data.subarray(i * 4, i * 4 + 3), i * 3);
  return { pixels, size: side };
}

/** Mean of all channels. @throws StudioError `sound-decode` */
export async function clipOf(name: string, blob: Blob): Promise<Clip> {
  const context = new AudioContext();
  try {
    const buffer = await context.decodeAudioData(await blob.arrayBuffer()).catch((cause: unknown) => {
      throw unreadable('sound-decode', name, cause);
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

export async function play({ rate, samples }: Clip): Promise<void> {
  const context = new AudioContext();
  const buffer = context.createBuffer(1, Math.max(1, samples.length), rate);
  buffer.copyToChannel(
    Float32Array.from(samples, (value) => value / 32768),
    0,
  );
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  source.onended = () => void context.close();
  source.start();
}

/** Records until `stop` is called or the longest time is over. @throws DOMException where the microphone is not given */
export async function record(): Promise<{ stop(): void; clip: Promise<Clip> }> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stop = () => recorder.state === 'recording' && recorder.stop();
  const timer = setTimeout(stop, longest * 1000);
  const clip = new Promise<Clip>((resolve, reject) => {
    recorder.onstop = () => {
      clearTimeout(timer);
      for (const track of stream.getTracks()) track.stop();
      clipOf('microphone', new Blob(parts)).then(resolve, reject);
    };
  });
  recorder.start();
  return { stop, clip };
}
